"""What invented papers are about: fields of research with what fills the gaps of their sentences.

The fields' weights, and how often the words of the shipped keywords occur in them, make 1.5 to 3 %
of all papers satisfy both keyword groups; many more have a word of one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field of research: its share of all papers, its categories and what it talks about."""

    weight: float
    primary: tuple[str, ...]
    crossed: tuple[str, ...]
    things: tuple[str, ...]
    problems: tuple[str, ...]
    methods: tuple[str, ...]
    settings: tuple[str, ...]


def _field(
    weight: float,
    primary: str,
    crossed: str,
    *,
    thing: str,
    problem: str,
    method: str,
    setting: str,
) -> Field:
    def phrases(text: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text.split(";"))

    return Field(
        weight,
        tuple(primary.split()),
        tuple(crossed.split()),
        phrases(thing),
        phrases(problem),
        phrases(method),
        phrases(setting),
    )


FIELDS = (
    _field(
        20,
        "cs.LG cs.CV cs.CV cs.LG cs.AI stat.ML",
        "cs.AI cs.LG cs.CV stat.ML eess.IV",
        thing="deep classifiers; diffusion samplers; graph encoders; image detectors; time-series"
        " forecasters; point-cloud networks; vision transformer backbones; tabular models",
        problem="label noise; distribution shift; long-tailed recognition; calibration;"
        " few-shot adaptation; out-of-domain detection; catastrophic forgetting",
        method="a contrastive objective with learned temperatures; a two-stage distillation scheme;"
        " gradient-aligned sampling; a mixture of small experts; sparse mixture routing;"
        " privacy-preserving aggregation; a latent-variable regulariser",
        setting="limited supervision; streaming data; remote sensing imagery; edge devices;"
        " medical volumes; federated clients with scarce bandwidth",
    ),
    _field(
        11,
        "cs.CL cs.CL cs.AI cs.IR",
        "cs.AI cs.LG cs.HC cs.CY",
        thing="language models; retrieval-augmented assistants; LLM agents; instruction-tuned"
        " models; machine translation systems; dialogue systems; large language models (LLMs)",
        problem="factual consistency; long-document reasoning; low-resource transfer; tool use;"
        " evaluation by rubric; multilingual alignment; hallucination under ambiguous prompts",
        method="a self-consistency reward; a curriculum of synthetic dialogues; constrained"
        " generation with verifiers; meaning-preserving paraphrase augmentation; a debate protocol",
        setting="clinical notes; classroom tutoring; code review; legal texts; morphologically rich"
        " languages; open-domain questions",
    ),
    _field(
        0.8,
        "cs.LG cs.CL cs.DC cs.AR cs.PF",
        "cs.CL cs.LG cs.DC cs.AI",
        thing="LLM serving systems; LLM inference on consumer hardware; vLLM deployments;"
        " transformer inference engines; LLMs with long contexts; on-device decoders of LLMs",
        problem="KV cache growth; memory traffic in the decode phase; low-bit quantization error;"
        " prefill and decode interference; expert-parallel communication; sparse attention",
        method="a disaggregated prefilling and decoding schedule; an error-aware quantization grid;"
        " structured pruning with sparsity budgets; KVCache compression by token merging;"
        " MicroScaling (MX) formats with per-block rounding; speculative decoding with overlapping"
        " drafts; a scheme to quantize outlier channels last",
        setting="a single GPU; heterogeneous clusters; mobile processors; bursty request traffic;"
        " memory-constrained edge devices",
    ),
    _field(
        8,
        "cs.RO cs.HC cs.SE cs.CR cs.CY cs.SI",
        "cs.AI cs.LG cs.SE cs.CR",
        thing="legged robots; software repositories; smart contracts; mixed-reality interfaces;"
        " autonomous vehicles; online communities; LLM copilots for programmers",
        problem="contact-rich manipulation; vulnerability triage; user trust; regression testing;"
        " misinformation spread; safe navigation in crowds",
        method="a shared-autonomy controller; a static analysis over build graphs; a field study"
        " with practitioners; an audit protocol; a predictive safety filter",
        setting="warehouse floors; open-source projects; public transport; unstructured terrain;"
        " small organisations",
    ),
    _field(
        7,
        "cs.IT eess.SP cs.NI eess.SY math.OC",
        "math.IT eess.SP cs.NI cs.SY math.OC",
        thing="multi-antenna links; satellite networks; power grids; reconfigurable surfaces;"
        " semantic communication systems; polar codes; coordinated vehicle platoons",
        problem="channel estimation; energy-efficient scheduling; successive decoding at short"
        " block lengths; event-triggered control; spectrum sharing; content placement in a cache",
        method="an alternating projection algorithm; a convex relaxation; a pilot-free receiver;"
        " a distributed primal-dual iteration; sparse Bayesian learning",
        setting="high mobility; imperfect synchronisation; finite feedback; dense deployments;"
        " wireless communication with hardware impairments",
    ),
    _field(
        6,
        "cs.DS cs.DC cs.DB cs.CC cs.AR cs.LO",
        "cs.DM cs.DC math.CO cs.LO cs.PL",
        thing="approximate counting; distributed key-value stores; dynamic graphs; string indexes;"
        " parallel file systems; proof assistants; dataflow accelerators",
        problem="lower bounds for streaming; cache-oblivious layout; consistent replication;"
        " query planning; certified compilation; lossless compression of logs",
        method="a randomised sketch; a recursive decomposition; a hardware prototype; a type system"
        " with effects; an order-preserving hash; overlap of computation and input",
        setting="adversarial updates; persistent memory; multi-tenant clouds; bounded treewidth",
    ),
    _field(
        15,
        "math.AP math.CO math.NT math.AG math.PR math.DG math.NA math.RT",
        "math.CO math.AT math.FA math.MP math.NA math.GT",
        thing="nonlinear dispersive equations; moduli of stable sheaves; random planar maps;"
        " $L$-functions; minimal surfaces; cluster algebras; finite elements; expander graphs",
        problem="well-posedness at low regularity; rationality; sharp concentration; extremal"
        " configurations; compactness up to symmetry; optimal convergence rates",
        method="a bootstrap in Sobolev spaces $H^s(\\mathbb{R}^d)$; a degeneration argument;"
        " a measure-preserving coupling; a new monotonicity formula; a combinatorial resolution;"
        " a sparse grid discretisation",
        setting="positive characteristic; the critical dimension $d = 4$; bounded domains;"
        " manifolds with boundary; the symmetric case",
    ),
    _field(
        9,
        "astro-ph.GA astro-ph.HE astro-ph.CO astro-ph.EP astro-ph.SR gr-qc",
        "astro-ph.CO astro-ph.IM gr-qc hep-ph",
        thing="dwarf galaxies; fast radio bursts; hot Jupiters; accreting neutron stars; the cosmic"
        " web; binary black holes; protoplanetary discs",
        problem="the mass-metallicity relation; cosmic-ray acceleration at shocks; the late-time"
        " acceleration of the Universe; atmospheric escape; tidal disruption; dust growth",
        method="integral-field spectroscopy; a hierarchical Bayesian fit; radiative transfer"
        " simulations; a joint X-ray and radio campaign; weak-lensing tomography",
        setting="redshift $z > 6$; the Galactic bulge; nearby clusters; low-metallicity hosts",
    ),
    _field(
        11,
        "cond-mat.mtrl-sci cond-mat.str-el cond-mat.mes-hall cond-mat.soft cond-mat.stat-mech"
        " physics.optics physics.flu-dyn physics.app-ph",
        "cond-mat.mes-hall cond-mat.stat-mech physics.comp-ph physics.chem-ph",
        thing="twisted bilayers; kagome metals; perovskite films; active gels; granular flows;"
        " photonic crystals; turbulent boundary layers; antiferromagnetic insulators",
        problem="charge ordering; anomalous transport; slow relaxation; interfacial slip;"
        " mode overlap in cavities; phase coexistence under compression; drag reduction",
        method="angle-resolved photoemission; molecular dynamics with learned potentials; density"
        " functional theory; a dynamical mean-field approach; direct numerical simulation",
        setting="high magnetic fields; room temperature; confined geometries; strong driving",
    ),
    _field(
        8,
        "quant-ph hep-th hep-ph hep-ex nucl-th quant-ph",
        "hep-th gr-qc cond-mat.quant-gas physics.atom-ph math-ph",
        thing="superconducting qubits; conformal field theories; heavy-flavour decays; cold atomic"
        " gases; axion-like particles; surface codes; holographic models",
        problem="error mitigation; entanglement growth; lepton universality; many-body order;"
        " real-time decoding of syndromes",
        method="a variational circuit ansatz; effective field theory; a global fit; lattice"
        " computations; a number-conserving truncation; randomised benchmarking",
        setting="the strong-coupling regime; open systems; future colliders; noisy devices",
    ),
    _field(
        3.4,
        "q-bio.QM q-bio.NC q-bio.PE q-fin.ST econ.EM stat.ME stat.AP",
        "stat.AP stat.ME physics.soc-ph cs.LG q-bio.NC",
        thing="gene regulatory networks; cortical circuits; epidemic curves; option markets; panel"
        " data; protein ensembles; hospital records",
        problem="parameter identifiability; sparse high-dimensional regression; missing outcomes;"
        " cell-to-cell communication; treatment-effect heterogeneity; volatility clustering",
        method="a semiparametric estimator; a stochastic compartment model; a causal forest; a"
        " spiking network model; optimal transport between snapshots; empirical Bayes shrinkage",
        setting="small samples; repeated measures; partially observed populations; rare events",
    ),
)
