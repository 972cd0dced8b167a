"""The sets of arXiv's OAI-PMH interface: its categories in their archives and groups.

A set is named `group:archive:category`, `cs:cs:CL`; an archive without parts is its own category,
`physics:hep-th`. A record is in the sets of all its categories, and of their other names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: Every set and its name, in arXiv's order. Archives without parts stand twice: arXiv lists them
#: among the archives and again among the categories.
SETS: Final = tuple(
    (spec, name)
    for spec, _, name in (
        row.partition(" ")
        for row in """\
physics Physics
math Mathematics
q-bio Quantitative Biology
cs Computer Science
q-fin Quantitative Finance
stat Statistics
eess Electrical Engineering and Systems Science
econ Economics
physics:astro-ph Astrophysics
physics:cond-mat Condensed Matter
cs:cs Computer Science
econ:econ Economics
eess:eess Electrical Engineering and Systems Science
physics:gr-qc General Relativity and Quantum Cosmology
physics:hep-ex High Energy Physics - Experiment
physics:hep-lat High Energy Physics - Lattice
physics:hep-ph High Energy Physics - Phenomenology
physics:hep-th High Energy Physics - Theory
math:math Mathematics
physics:math-ph Mathematical Physics
physics:nlin Nonlinear Sciences
physics:nucl-ex Nuclear Experiment
physics:nucl-th Nuclear Theory
physics:physics Physics
q-bio:q-bio Quantitative Biology
q-fin:q-fin Quantitative Finance
physics:quant-ph Quantum Physics
stat:stat Statistics
physics:astro-ph:CO Cosmology and Nongalactic Astrophysics
physics:astro-ph:EP Earth and Planetary Astrophysics
physics:astro-ph:GA Astrophysics of Galaxies
physics:astro-ph:HE High Energy Astrophysical Phenomena
physics:astro-ph:IM Instrumentation and Methods for Astrophysics
physics:astro-ph:SR Solar and Stellar Astrophysics
physics:cond-mat:dis-nn Disordered Systems and Neural Networks
physics:cond-mat:mes-hall Mesoscale and Nanoscale Physics
physics:cond-mat:mtrl-sci Materials Science
physics:cond-mat:other Other Condensed Matter
physics:cond-mat:quant-gas Quantum Gases
physics:cond-mat:soft Soft Condensed Matter
physics:cond-mat:stat-mech Statistical Mechanics
physics:cond-mat:str-el Strongly Correlated Electrons
physics:cond-mat:supr-con Superconductivity
cs:cs:AI Artificial Intelligence
cs:cs:AR Hardware Architecture
cs:cs:CC Computational Complexity
cs:cs:CE Computational Engineering, Finance, and Science
cs:cs:CG Computational Geometry
cs:cs:CL Computation and Language
cs:cs:CR Cryptography and Security
cs:cs:CV Computer Vision and Pattern Recognition
cs:cs:CY Computers and Society
cs:cs:DB Databases
cs:cs:DC Distributed, Parallel, and Cluster Computing
cs:cs:DL Digital Libraries
cs:cs:DM Discrete Mathematics
cs:cs:DS Data Structures and Algorithms
cs:cs:ET Emerging Technologies
cs:cs:FL Formal Languages and Automata Theory
cs:cs:GL General Literature
cs:cs:GR Graphics
cs:cs:GT Computer Science and Game Theory
cs:cs:HC Human-Computer Interaction
cs:cs:IR Information Retrieval
cs:cs:IT Information Theory
cs:cs:LG Machine Learning
cs:cs:LO Logic in Computer Science
cs:cs:MA Multiagent Systems
cs:cs:MM Multimedia
cs:cs:MS Mathematical Software
cs:cs:NA Numerical Analysis
cs:cs:NE Neural and Evolutionary Computing
cs:cs:NI Networking and Internet Architecture
cs:cs:OH Other Computer Science
cs:cs:OS Operating Systems
cs:cs:PF Performance
cs:cs:PL Programming Languages
cs:cs:RO Robotics
cs:cs:SC Symbolic Computation
cs:cs:SD Sound
cs:cs:SE Software Engineering
cs:cs:SI Social and Information Networks
cs:cs:SY Systems and Control
econ:econ:EM Econometrics
econ:econ:GN General Economics
econ:econ:TH Theoretical Economics
eess:eess:AS Audio and Speech Processing
eess:eess:IV Image and Video Processing
eess:eess:SP Signal Processing
eess:eess:SY Systems and Control
physics:gr-qc General Relativity and Quantum Cosmology
physics:hep-ex High Energy Physics - Experiment
physics:hep-lat High Energy Physics - Lattice
physics:hep-ph High Energy Physics - Phenomenology
physics:hep-th High Energy Physics - Theory
physics:math-ph Mathematical Physics
math:math:AC Commutative Algebra
math:math:AG Algebraic Geometry
math:math:AP Analysis of PDEs
math:math:AT Algebraic Topology
math:math:CA Classical Analysis and ODEs
math:math:CO Combinatorics
math:math:CT Category Theory
math:math:CV Complex Variables
math:math:DG Differential Geometry
math:math:DS Dynamical Systems
math:math:FA Functional Analysis
math:math:GM General Mathematics
math:math:GN General Topology
math:math:GR Group Theory
math:math:GT Geometric Topology
math:math:HO History and Overview
math:math:IT Information Theory
math:math:KT K-Theory and Homology
math:math:LO Logic
math:math:MG Metric Geometry
math:math:MP Mathematical Physics
math:math:NA Numerical Analysis
math:math:NT Number Theory
math:math:OA Operator Algebras
math:math:OC Optimization and Control
math:math:PR Probability
math:math:QA Quantum Algebra
math:math:RA Rings and Algebras
math:math:RT Representation Theory
math:math:SG Symplectic Geometry
math:math:SP Spectral Theory
math:math:ST Statistics Theory
physics:nlin:AO Adaptation and Self-Organizing Systems
physics:nlin:CD Chaotic Dynamics
physics:nlin:CG Cellular Automata and Lattice Gases
physics:nlin:PS Pattern Formation and Solitons
physics:nlin:SI Exactly Solvable and Integrable Systems
physics:nucl-ex Nuclear Experiment
physics:nucl-th Nuclear Theory
physics:physics:acc-ph Accelerator Physics
physics:physics:ao-ph Atmospheric and Oceanic Physics
physics:physics:app-ph Applied Physics
physics:physics:atm-clus Atomic and Molecular Clusters
physics:physics:atom-ph Atomic Physics
physics:physics:bio-ph Biological Physics
physics:physics:chem-ph Chemical Physics
physics:physics:class-ph Classical Physics
physics:physics:comp-ph Computational Physics
physics:physics:data-an Data Analysis, Statistics and Probability
physics:physics:ed-ph Physics Education
physics:physics:flu-dyn Fluid Dynamics
physics:physics:gen-ph General Physics
physics:physics:geo-ph Geophysics
physics:physics:hist-ph History and Philosophy of Physics
physics:physics:ins-det Instrumentation and Detectors
physics:physics:med-ph Medical Physics
physics:physics:optics Optics
physics:physics:plasm-ph Plasma Physics
physics:physics:pop-ph Popular Physics
physics:physics:soc-ph Physics and Society
physics:physics:space-ph Space Physics
q-bio:q-bio:BM Biomolecules
q-bio:q-bio:CB Cell Behavior
q-bio:q-bio:GN Genomics
q-bio:q-bio:MN Molecular Networks
q-bio:q-bio:NC Neurons and Cognition
q-bio:q-bio:OT Other Quantitative Biology
q-bio:q-bio:PE Populations and Evolution
q-bio:q-bio:QM Quantitative Methods
q-bio:q-bio:SC Subcellular Processes
q-bio:q-bio:TO Tissues and Organs
q-fin:q-fin:CP Computational Finance
q-fin:q-fin:EC Economics
q-fin:q-fin:GN General Finance
q-fin:q-fin:MF Mathematical Finance
q-fin:q-fin:PM Portfolio Management
q-fin:q-fin:PR Pricing of Securities
q-fin:q-fin:RM Risk Management
q-fin:q-fin:ST Statistical Finance
q-fin:q-fin:TR Trading and Market Microstructure
physics:quant-ph Quantum Physics
stat:stat:AP Applications
stat:stat:CO Computation
stat:stat:ME Methodology
stat:stat:ML Machine Learning
stat:stat:OT Other Statistics
stat:stat:TH Statistics Theory
""".splitlines()
    )
)

NAMES: Final = dict(SETS)

_GROUPS: Final = {spec.split(":")[1]: spec.split(":")[0] for spec in NAMES if ":" in spec}

#: Categories that are one under two names.
_TWINS: Final = (
    ("math.MP", "math-ph"),
    ("math.IT", "cs.IT"),
    ("math.NA", "cs.NA"),
    ("stat.TH", "math.ST"),
    ("eess.SY", "cs.SY"),
    ("q-fin.EC", "econ.GN"),
)
_TWIN: Final = {one: other for pair in _TWINS for one, other in (pair, pair[::-1])}


def set_of(category: str) -> str:
    """The set of a category: `cs:cs:CL` for `cs.CL`."""
    archive, _, part = category.partition(".")
    group = _GROUPS.get(archive, archive)
    return ":".join(filter(None, (group, archive, part)))


def sets_of(categories: Iterable[str], *, twins: bool) -> list[str]:
    """The sets of a work in the order of its categories; `twins`: each with its other name."""
    found: dict[str, None] = {}
    for category in categories:
        found[set_of(category)] = None
        if twins and category in _TWIN:
            found[set_of(_TWIN[category])] = None
    return list(found)
