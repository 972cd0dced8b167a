"""The server of the pages keeps marks of its own pages, and of nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from digest.outlets.site.kept_marks import LONGEST_REQUEST
from digest.outlets.site.serving import serve

PAGE = '<!doctype html>\n<html lang="en" data-root="">'


@dataclass
class Served:
    """A site with one page, its token, and a client that sends what the page would."""

    url: str
    folder: Path
    token: str
    client: httpx.Client

    @property
    def file(self) -> Path:
        return self.folder.parent / "marks.json"

    def post(self, body: object, **headers: str | None) -> httpx.Response:
        own = {
            "Origin": self.url.rstrip("/"),
            "Content-Type": "application/json",
            "X-Digest-Token": self.token,
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in {**own, **named}.items() if value is not None}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post("marks.json", content=content, headers=given)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE)
    with serve(site, 0) as url, httpx.Client(base_url=url, trust_env=False) as client:
        found = re.search(r'data-token="([\w-]+)"', client.get("/").text)
        assert found
        yield Served(url, site, found[1], client)


def star(paper: str, value: bool = True, second: int = 0) -> dict[str, object]:
    at = f"2026-03-02T08:00:{second:02d}.000Z"
    return {"version": 1, "papers": {paper: {"star": {"value": value, "at": at}}}}


def test_a_mark_of_the_pages_is_kept_in_the_workspace(served: Served) -> None:
    assert served.client.get("marks.json").json() == {"version": 1, "papers": {}}
    assert served.post(star("2603.00001")).json() == star("2603.00001")
    served.post(star("2603.00002"))
    kept = json.loads(served.file.read_bytes())
    assert set(kept["papers"]) == {"2603.00001", "2603.00002"}
    assert served.client.get("marks.json").json() == kept


def test_an_older_mark_does_not_replace_a_later_one(served: Served) -> None:
    served.post(star("2603.00001", value=False, second=2))
    assert served.post(star("2603.00001", second=1)).json() == star(
        "2603.00001", value=False, second=2
    )


def test_marks_of_many_pages_at_once_are_all_kept(served: Served) -> None:
    papers = [f"2603.{number:05d}" for number in range(1, 25)]
    with ThreadPoolExecutor(8) as pool:
        assert all(one.is_success for one in pool.map(lambda one: served.post(star(one)), papers))
    assert sorted(json.loads(served.file.read_bytes())["papers"]) == papers


def test_a_page_of_another_site_cannot_write(served: Served) -> None:
    for origin in ("https://evil.example", "null", "", None, f"{served.url.rstrip('/')}.evil"):
        assert served.post(star("2603.00001"), Origin=origin).status_code == 403, origin
    for site in ("cross-site", "same-site", "none"):
        assert served.post(star("2603.00001"), Sec_Fetch_Site=site).status_code == 403, site
    for token in ("", "x" * 43, None):
        assert served.post(star("2603.00001"), X_Digest_Token=token).status_code == 403, token
    # No answer allows another site to read, or to send what is not a plain form.
    asked = served.client.request(
        "OPTIONS", "marks.json", headers={"Origin": "https://evil.example"}
    )
    assert asked.status_code == 501
    for name in ("", "marks.json"):
        headers = served.client.get(name, headers={"Origin": "https://evil.example"}).headers
        assert "access-control-allow-origin" not in headers
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert not served.file.exists()


def test_a_form_cannot_write(served: Served) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = served.post(star("2603.00001"), Content_Type=kind)
        assert answer.status_code == 415, kind
    assert not served.file.exists()


def test_a_name_that_dns_leads_here_is_not_answered(served: Served) -> None:
    port = httpx.URL(served.url).port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil:{port}", ""):
        own = {"Host": host, "Origin": f"http://{host}"}
        assert served.client.get("/", headers={"Host": host}).status_code == 421, host
        assert served.client.head("/", headers={"Host": host}).status_code == 421, host
        assert served.client.get("marks.json", headers={"Host": host}).status_code == 421, host
        assert served.post(star("2603.00001"), **own).status_code == 421, host
    assert not served.file.exists()
    local = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
    assert served.post(star("2603.00001"), **local).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[" * 100_000, 422),
        (b'{"version": 1}', 422),
        (b'{"version": 9, "papers": {}}', 422),
        (b"\xff", 422),
        (b" " * (LONGEST_REQUEST + 1), 413),
    ],
)
def test_what_is_not_marks_is_not_kept(served: Served, body: bytes, status: int) -> None:
    assert served.post(body).status_code == status
    assert not served.file.exists()


def test_a_length_that_is_not_told_is_refused(served: Served) -> None:
    headers = {
        "Origin": served.url.rstrip("/"),
        "Content-Type": "application/json",
        "X-Digest-Token": served.token,
    }
    answer = served.client.post("marks.json", content=iter([b"{}"]), headers=headers)
    assert answer.status_code == 411


def test_a_file_that_cannot_be_read_is_not_replaced(served: Served) -> None:
    served.file.write_text("mine")
    assert served.post(star("2603.00001")).status_code == 422
    assert served.client.get("marks.json").status_code == 422
    assert served.file.read_text() == "mine"


def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is_packed(served: Served) -> None:
    answer = served.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert served.client.get("/", headers=tag).status_code == 304
    (served.folder / "index.html").write_text(PAGE + "more")
    assert served.client.get("/", headers=tag).text.endswith("more")
