"""The sentences of invented papers, with gaps, and the names of their authors.

Every text is invented. `{thing}`, `{problem}`, `{method}` and `{setting}` are filled from the
paper's field, the other gaps by chance.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TITLES = (
    "{Method} for {problem} in {thing}",
    "{Name}: {Method} for {problem}",
    "{Name}: Rethinking {problem} in {thing}",
    "On {problem} in {thing}",
    "{Problem} and {thing}: theory and practice under {setting}",
    "Towards understanding {problem} of {thing}",
    "{Thing} under {setting}: a study of {problem}",
    "A note on {problem} for {thing}",
    "{Thing} meet {problem}",
    "When does {problem} matter? Evidence from {thing}",
    "{Problem} of {thing} via {method}",
)

OPENINGS = (
    "{Thing} have attracted growing interest, and {problem} is now among the {adjective}"
    " questions that are still open.",
    "Despite {adjective} progress on {thing}, {problem} remains poorly understood, especially under"
    " {setting}.",
    "We study {problem} in the context of {thing}, motivated by {adjective} observations under"
    " {setting}.",
    "The interplay between {thing} and {problem} has been debated for more than {count} years.",
    "Much of what is known about {thing} was established away from {setting}, where {problem} can"
    " safely be neglected.",
)

GAPS = (
    "Existing approaches either ignore {problem} altogether or require assumptions that are hard"
    " to verify under {setting}.",
    "A recurring obstacle is that the relevant scales differ by {count} orders of magnitude, so"
    " that neither limit describes what is found.",
    "However, earlier work was restricted to {adjective} cases and says little about {setting}.",
    "The standard explanation fails as soon as the system is driven away from equilibrium.",
)

CONTRIBUTIONS = (
    "Here we present {method}, which makes {problem} tractable without additional tuning.",
    "In this paper, we propose {name}, {method} that addresses {problem} under {setting}.",
    "To close this gap we combine {method} with a {adjective} treatment of {problem}.",
    "Our main result is a {adjective} characterisation of {problem}, obtained through {method}.",
    "We revisit {thing} from a {adjective} point of view and replace the usual heuristics by"
    " {method}.",
)

DETAILS = (
    "The key observation is that the {adjective} part of the problem decouples, leaving an"
    " effective description with only {count} free parameters.",
    "We show that the leading correction scales as $O(n^{{{count}/7}})$ and vanishes in the"
    " {adjective} limit.",
    "The construction is {adjective}, relies on {count} elementary steps, and extends to {setting}"
    " with minor changes.",
    "Each component is analysed separately, and an ablation over {count} variants isolates the"
    " contribution of every choice.",
    "A careful comparison with {count} independent data sets rules out {adjective} explanations at"
    " the {percent}\\% level.",
    "We further derive conditions of the form $\\|x - y\\|_2 \\le \\varepsilon$ under which the"
    " procedure is stable to {adjective} perturbations.",
    "The same reasoning applies to {thing}, for which no {adjective} theory has been available so"
    " far.",
    "Measuring the response over {count} decades in frequency separates both contributions"
    " (see also Poincaré's and Gödel's classical arguments).",
    "Compared with the naïve estimate, the bound improves by a factor of {count} while keeping"
    " the symmetries of the original formulation.",
    "A dedicated pipeline processes {count},000 samples and reports uncertainties that include"
    " {adjective} effects.",
)

RESULTS = (
    "Extensive experiments on {count} benchmarks show improvements of up to {percent}\\% over"
    " strong baselines, with no loss elsewhere.",
    "We find that {problem} is governed by a single {adjective} scale, in agreement with"
    " measurements to within {percent} percent.",
    "The predicted exponent, $α= 0.{percent}$, agrees with simulations across {count}"
    " realisations.",
    "Numerical evidence supports the conjecture in all {count} cases that we were able to examine.",
    "In a blinded evaluation, {count} of the {percent} configurations behaved as expected, and the"
    " rest reveals a {adjective} failure mode.",
)

CLOSINGS = (
    "These findings clarify the role of {problem} and suggest {adjective} directions for future"
    " work on {thing}.",
    "Code and data are available at https://example.org/{slug}/{count}.",
    "Our results open a path to {adjective} applications under {setting}.",
    "We conclude with a discussion of {count} open problems.",
    "Taken together, this calls for attention well beyond {thing}.",
)

#: Remarks that any field may make; the words of one keyword group, seldom of both.
ASIDES = (
    "The procedure benefits from hardware acceleration but does not depend on it.",
    "A sparse representation keeps the memory footprint small.",
    "The communication cost grows only logarithmically with the number of participants.",
    "Partial overlap between the two samples is accounted for explicitly.",
    "As a by-product we obtain a compression scheme of independent interest.",
    "An LLM was used to screen the literature, and every decision was checked by hand.",
    "All symmetries are kept exactly, and observing them is part of the test suite.",
    "The estimator builds on a transformer encoder with shared weights.",
)

REVISIONS = (
    "This version corrects a sign in the second section.",
    "In this version we add an experiment on {setting} and a comparison with {method}.",
    "The revised version extends the main theorem to {thing}.",
)

ADJECTIVES = _words(
    "delicate robust surprising systematic quantitative universal practical rigorous simple"
    " geometric transparent long-standing data-driven well-known anisotropic scalable subtle"
)

GIVEN_NAMES = _words(
    "Aino Bartholomé Chidi Dolores Élodie Farouk Gösta Hyun-woo Ingrid Jürgen Kavya Lucía Mei"
    " Nadezhda Oyelaran Paweł Qiang Rosalind Søren Tomás Ulrike Valentín Wen Ximena Yusuf Zdeněk"
    " Amara Boris Ciarán Dalia Emre Fatima Giulia Haruki Isabela J. K. L. M. T."
)

FAMILY_NAMES = _words(
    "Adeyemi Bergström Castaño D'Angelis Eriksdotter Fujimori Głowacka Haddadi Iyengarra Jonasson"
    " Kovářová Lindqvist Müllenbach Nakagaki Ó'Brannagh Papadakos Quintanar Rasmussen-Holt"
    " Szabolcsi Tjahjono Ueharada Vandermeer Wuthering Xanthopoulou Yıldırımoğlu Zhangsun"
    " Thibodeaux Mbekeani Liuwei Hoangminh Chenxiu Sahooja Petrenkov Gárate"
)

NAME_PARTS = ("Aero", "Bi", "Clar", "Dyna", "Echo", "Flux", "Geo", "Hyper", "Iso", "Lumi")
NAME_ENDS = ("Net", "Bench", "Flow", "Former", "Path", "Scope", "Mix", "Graph", "Lens", "-2D")
COMMENTS = (
    "{count} pages, {small} figures",
    "{count} pages, {small} figures, {small} tables; comments welcome",
    "Accepted at a workshop; {count} pages",
    "Submitted to the journal",
)
