"""The simulated arXiv's papers: ids, days, held papers, texts and files."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from digest.fetcher.calendar import Calendar
from digest.model import Paper, month_start, sequence_of
from digest.simulator import Corpus

CALENDAR = Calendar()
TECHNIQUES = re.compile(
    "sparse|pruning|sparsity|quantization|quantize|low-bit|acceleration|KV|cache|communication"
    "|overlap|MicroScaling|MX|prefill|decode|decoding|disaggregate|disaggregation"
)
BACKGROUNDS = re.compile("LLM|transformer|serving|compression")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.generate(
        seed=7, first=date(2025, 11, 20), last=date(2026, 1, 9), per_day=60, absent=0.01
    )


def all_papers(corpus: Corpus) -> list[Paper]:
    return [corpus.versions(base)[0] for base in corpus]


def is_held(corpus: Corpus, paper: Paper) -> bool:
    return CALENDAR.day_of(paper.published) != corpus.announced(paper.id)


def test_every_announcement_day_has_a_batch_of_about_the_size_asked_for(corpus: Corpus) -> None:
    assert list(corpus.days) == CALENDAR.days(date(2025, 11, 20), date(2026, 1, 9))
    sizes = [len(corpus.papers(day)) for day in corpus.days]
    assert all(50 <= size <= 70 for size in sizes)
    assert len(set(sizes)) > 5
    assert sum(sizes) == len(corpus)


def test_ids_are_one_sequence_a_month_of_the_new_york_evening(corpus: Corpus) -> None:
    places = [sequence_of(base) for base in corpus]
    holes = {sequence_of(base) for base in corpus.absent}
    assert holes
    for month, first_day, last_day in (
        (2511, date(2025, 11, 20), date(2025, 12, 1)),  # Monday's batch: Sunday 30 November
        (2512, date(2025, 12, 2), date(2025, 12, 31)),
        (2601, date(2026, 1, 5), date(2026, 1, 9)),  # nothing is announced on 1 January's evening
    ):
        of_month = [n for n in places if n is not None and n // 100_000 == month]
        numbers = set(of_month) | {n for n in holes if n is not None and n // 100_000 == month}
        start = month_start(of_month[0])
        assert numbers == set(range(start + 1, max(numbers) + 1))
        days = {corpus.announced(base) for base in corpus if sequence_of(base) in set(of_month)}
        assert {day for day in corpus.days if first_day <= day <= last_day} <= days
    assert places == sorted(places, key=lambda place: place or 0)


def test_announcement_days_never_go_back_with_the_id(corpus: Corpus) -> None:
    days = [corpus.announced(base) for base in corpus]
    assert days == sorted(days)


def test_papers_in_time_fall_into_the_window_and_ascend_in_it(corpus: Corpus) -> None:
    for day in corpus.days:
        window = CALENDAR.window(day)
        assert window is not None
        batch = [corpus.versions(paper.id)[0] for paper in corpus.papers(day)]
        in_time = [paper.published for paper in batch if not is_held(corpus, paper)]
        assert all(moment in window for moment in in_time)
        assert in_time == sorted(in_time)


def test_held_papers_are_older_and_never_stand_last(corpus: Corpus) -> None:
    first_places = 0
    for day in corpus.days:
        batch = [corpus.versions(paper.id)[0] for paper in corpus.papers(day)]
        assert not is_held(corpus, batch[-1])
        first_places += is_held(corpus, batch[0])
        window = CALENDAR.window(day)
        assert window is not None
        held = [paper for paper in batch if is_held(corpus, paper)]
        assert all(paper.published < window.start for paper in held)
    assert first_places > len(corpus.days) / 2


def test_nearly_all_held_papers_stand_at_the_start_in_the_order_of_submission() -> None:
    corpus = Corpus.generate(seed=1, first=date(2026, 3, 2), last=date(2026, 3, 31), per_day=500)
    at_start, held = 0, 0
    for day in corpus.days:
        window = CALENDAR.window(day)
        assert window is not None
        start = window.start.timestamp()
        times = [paper.published.timestamp() for paper in corpus.papers(day)]
        first = next(index for index, time in enumerate(times) if time >= start)
        block = times[:first]
        at_start += len(block)
        held += sum(time < start for time in times)
        assert block == sorted(block)
    assert 0.94 < at_start / held < 0.99


def test_an_ids_month_is_that_of_the_cutoff_day() -> None:
    # What came in until Friday, 31 July, was announced on the evening of Sunday, 2 August.
    corpus = Corpus.generate(seed=1, first=date(2026, 8, 3), last=date(2026, 8, 4), per_day=20)
    assert {paper.id[:4] for paper in corpus.papers(date(2026, 8, 3))} == {"2607"}
    assert {paper.id[:4] for paper in corpus.papers(date(2026, 8, 4))} == {"2608"}


def test_lags_are_distributed_as_measured_at_arxiv() -> None:
    corpus = Corpus.generate(seed=1, first=date(2026, 2, 2), last=date(2026, 4, 30), per_day=500)
    lags = []
    for index in range(len(corpus)):  # by index: nobody needs 30,000 texts here
        window = CALENDAR.window(date.fromordinal(corpus.day(index)))
        assert window is not None
        lags.append((window.start.timestamp() - corpus.submitted(index)) / 86_400)
    shares = {days: sum(lag > days for lag in lags) / len(lags) for days in (0, 1, 7, 14, 30)}
    expected = {0: 0.159, 1: 0.111, 7: 0.040, 14: 0.023, 30: 0.0043}
    assert shares == pytest.approx(expected, rel=0.25)
    assert 120 < max(lags) < 246


def test_some_papers_share_a_second(corpus: Corpus) -> None:
    moments = Counter(paper.published for paper in all_papers(corpus))
    assert moments.most_common(1)[0][1] > 1


def test_the_same_seed_gives_the_same_corpus_and_another_one_another() -> None:
    def texts(seed: int) -> list[Paper]:
        first, last = date(2026, 3, 2), date(2026, 3, 3)
        return all_papers(Corpus.generate(seed=seed, first=first, last=last, per_day=20))

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)


def test_without_held_papers_every_paper_is_in_time() -> None:
    corpus = Corpus.generate(
        seed=1, first=date(2026, 3, 2), last=date(2026, 3, 6), per_day=50, held=0.0
    )
    assert not [paper for paper in all_papers(corpus) if is_held(corpus, paper)]


def test_deferred_days_have_no_batch() -> None:
    calendar = Calendar(deferred=[date(2026, 3, 4)])
    corpus = Corpus.generate(
        seed=1, first=date(2026, 3, 2), last=date(2026, 3, 6), per_day=5, calendar=calendar
    )
    assert date(2026, 3, 5) not in corpus.days
    assert len(corpus.days) == 4


def test_more_papers_than_a_month_has_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="2026-03"):
        Corpus.generate(seed=1, first=date(2026, 3, 3), last=date(2026, 3, 6), per_day=30_000)


def test_revised_papers_keep_id_and_first_date_and_change_their_abstract(corpus: Corpus) -> None:
    revised = [versions for base in corpus if len(versions := corpus.versions(base)) > 1]
    assert 0.03 < len(revised) / len(corpus) < 0.09
    assert any(len(versions) == 3 for versions in revised)
    for versions in revised:
        assert [paper.version for paper in versions] == list(range(1, len(versions) + 1))
        assert len({paper.published for paper in versions}) == 1
        assert versions[0].updated == versions[0].published
        moments = [paper.updated for paper in versions]
        assert moments == sorted(set(moments))
        assert len({paper.abstract for paper in versions}) == len(versions)
    quick = [v for v in revised if v[1].updated - v[0].updated < timedelta(days=1)]
    assert quick


def test_a_day_shows_each_work_in_the_version_announced_by_then(corpus: Corpus) -> None:
    shown = {paper.id: paper for day in corpus.days for paper in corpus.papers(day)}
    assert set(shown) == set(corpus)
    for base, paper in shown.items():
        later = [v for v in corpus.versions(base) if v.version > paper.version]
        assert all(CALENDAR.day_of(v.updated) > corpus.announced(base) for v in later)
    assert any(paper.version == 2 for paper in shown.values())


def test_texts_look_like_those_of_arxiv() -> None:
    corpus = Corpus.generate(seed=3, first=date(2026, 3, 2), last=date(2026, 3, 6), per_day=800)
    papers = all_papers(corpus)
    words = sorted(len(paper.abstract.split()) for paper in papers)
    assert words[len(words) // 20] >= 120 and words[-len(words) // 20] <= 220
    assert all(paper.abstract == paper.abstract.strip() for paper in papers)
    assert not [paper for paper in papers if re.search(r"\{[a-z]+\}|\n", paper.title)]
    assert any("\n  " in paper.abstract for paper in papers)
    assert any("https://" in paper.abstract for paper in papers)
    assert any("$" in paper.abstract for paper in papers)
    assert any(":" in paper.title for paper in papers)
    assert any(not author.isascii() for paper in papers for author in paper.authors)
    sizes = {len(paper.authors) for paper in papers}
    assert {1, 12, 60} <= sizes
    archives = Counter(paper.categories[0].split(".")[0] for paper in papers)
    assert archives["cs"] / len(papers) > 0.4 and len(archives) > 10
    assert all(len(set(paper.categories)) == len(paper.categories) for paper in papers)


def test_keywords_of_both_groups_are_rare_and_of_one_group_common() -> None:
    corpus = Corpus.generate(seed=4, first=date(2026, 3, 2), last=date(2026, 3, 6), per_day=1000)
    abstracts = [paper.abstract for paper in all_papers(corpus)]
    technique = [bool(TECHNIQUES.search(text)) for text in abstracts]
    background = [bool(BACKGROUNDS.search(text)) for text in abstracts]
    both = [one and other for one, other in zip(technique, background, strict=True)]
    assert 0.015 <= sum(both) / len(both) <= 0.03
    assert sum(technique) > 3 * sum(both) < sum(background)
    text = " ".join(abstracts)
    assert all(word in text for word in ("preserving", "vLLM", "decoders", "KVCache"))


def test_a_corpus_file_reads_back_the_same(corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    corpus.write(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(corpus) + len(corpus.absent)
    again = Corpus.read(path)
    assert [again.versions(base) for base in again] == [corpus.versions(base) for base in corpus]
    assert {base: again.announced(base) for base in again} == {
        base: corpus.announced(base) for base in corpus
    }
    assert again.absent == corpus.absent


@pytest.mark.parametrize("line", ["{}", "no json", "[]", '{"id": "2603.00001", "announced": "x"}'])
def test_a_line_that_is_no_work_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"id": "2603.00009", "absent": true}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"corpus\.jsonl:2: not a work"):
        Corpus.read(path)


def a_paper(base: str, published: datetime, version: int = 1) -> Paper:
    return Paper(
        id=base,
        version=version,
        url=f"http://arxiv.org/abs/{base}v{version}",
        title="An invented title",
        abstract="An invented abstract.",
        authors=("A. Nobody",),
        categories=("cs.LG",),
        published=published,
        updated=published + timedelta(days=version - 1),
    )


def test_given_papers_get_their_calendar_day_unless_told_otherwise() -> None:
    wednesday = datetime(2026, 3, 4, 12, tzinfo=UTC)
    held, punctual = a_paper("2603.00001", wednesday), a_paper("2603.00002", wednesday)
    corpus = Corpus.of([punctual, held], {"2603.00001": date(2026, 3, 9)})
    assert list(corpus) == ["2603.00001", "2603.00002"]
    assert corpus.announced("2603.00002") == date(2026, 3, 5)
    assert corpus.announced("2603.00001") == date(2026, 3, 9)
    assert corpus.papers(date(2026, 3, 9)) == [held]
    with pytest.raises(KeyError):
        corpus.announced("2603.00003")


def test_several_versions_of_a_work_are_one_work() -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    papers = [a_paper("hep-th/9901001", noon, version) for version in (2, 1)]
    corpus = Corpus.of(papers)
    assert len(corpus) == 1
    assert corpus.versions("hep-th/9901001") == (papers[1], papers[0])
    with pytest.raises(ValueError, match="hep-th/9901001v2 was given twice"):
        Corpus.of([*papers, replace(papers[0], title="Another")])
