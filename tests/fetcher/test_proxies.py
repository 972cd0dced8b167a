"""The proxy that the environment names for an address, in all forms that are in use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetcher.proxies import proxy_of, unreadable_exceptions
from digest.model.errors import ConfigError

ARXIV = "https://export.arxiv.org/api/query"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("proxy.example:3128", "http://proxy.example:3128"),
        ("proxy.example", "http://proxy.example:80"),
        (" HTTP://10.0.0.1:3128/ ", "http://10.0.0.1:3128"),
        ("https://proxy.example", "https://proxy.example:443"),
        ("socks://127.0.0.1:7890/", "socks5h://127.0.0.1:7890"),
        ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        ("socks5h://proxy.example", "socks5h://proxy.example:1080"),
        ("http://[fd00::1]:3128", "http://[fd00::1]:3128"),
        ("http://me:se%40cret@proxy.example:1", "http://me:se%40cret@proxy.example:1"),
        ("http://me:p@ss:w%2Fd@proxy.example:1", "http://me:p%40ss%3Aw%2Fd@proxy.example:1"),
        ("http://me@proxy.example:1", "http://me@proxy.example:1"),
    ],
)  # fmt: skip
def test_a_proxy_in_its_usual_forms(text: str, url: str) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        proxy = proxy_of(ARXIV, {name: text})
        assert proxy is not None
        assert (proxy.url, proxy.variable) == (url, name)
        assert "me" not in str(proxy).replace("example", "")


@pytest.mark.parametrize(
    "text",
    ["socks4://127.0.0.1:1", "ftp://x:1", "http://", "http://:3128", "http://x:port", "://x",
     "http://x:99999", "http://a b:1", "http://[::1", "http://[zz]:1", "http://ex_\x00:1", "http://x:0"],
)  # fmt: skip
def test_what_is_not_a_proxy_is_named_with_its_variable_and_without_its_login(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        proxy_of(ARXIV, {"HTTPS_PROXY": text.replace("://", "://me:secret@")})
    assert caught.value.message.startswith("HTTPS_PROXY: ")
    assert "HTTPS_PROXY" in caught.value.hint
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    ("environ", "port"),
    [
        ({"HTTPS_PROXY": "p:1", "ALL_PROXY": "p:2"}, 1),
        ({"HTTPS_PROXY": "p:1", "https_proxy": "p:2"}, 2),
        ({"HTTP_PROXY": "p:1", "ALL_PROXY": "p:2"}, 2),
        ({"HTTPS_PROXY": "", "ALL_PROXY": "p:2"}, 2),
        ({"HTTPS_PROXY": "p:1", "https_proxy": "", "all_proxy": ""}, None),
        ({"HTTP_PROXY": "socks4://broken"}, None),
        ({}, None),
    ],
)
def test_the_variable_of_the_scheme_comes_first_and_small_letters_before_capitals(
    environ: dict[str, str], port: int | None
) -> None:
    proxy = proxy_of(ARXIV, environ)
    assert (proxy and proxy.url) == (f"http://p:{port}" if port else None)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "sim.localhost", "localhost.", "127.0.0.1", "127.9.9.9", "[::1]",
     "[::ffff:127.0.0.1]"],
)  # fmt: skip
def test_never_a_proxy_for_this_machine(host: str) -> None:
    for text in ("http://p:1", "socks4://x", "rubbish://"):
        assert proxy_of(f"http://{host}:8000/api/query", {"ALL_PROXY": text}) is None


@pytest.mark.parametrize(
    ("entry", "url", "is_excepted"),
    [
        ("*", ARXIV, True),
        ("export.arxiv.org", ARXIV, True),
        ("EXPORT.arxiv.org", ARXIV, True),
        ("arxiv.org", ARXIV, True),
        (".arxiv.org", ARXIV, True),
        ("*.arxiv.org", ARXIV, True),
        ("*.arxiv.org", "https://arxiv.org/", True),
        ("xiv.org", ARXIV, False),
        ("export.arxiv.org:443", ARXIV, True),
        ("export.arxiv.org:8443", ARXIV, False),
        ("export.arxiv.org:8443", "https://export.arxiv.org:8443/", True),
        ("localhost, arxiv.org", ARXIV, True),
        ("localhost arxiv.org", ARXIV, True),
        ("10.0.0.0/8", "http://10.1.2.3/", True),
        ("10.9.9.9/8", "http://10.1.2.3/", True),
        ("10.0.0.0/8", "http://11.1.2.3/", False),
        ("10.*", "http://10.1.2.3/", True),
        ("10.1.2.3", "http://10.1.2.3:81/", True),
        ("10.1.2.3:80", "http://10.1.2.3/", True),
        ("10.1.2.3:81", "http://10.1.2.3/", False),
        ("fd07:b51a:cc66:f0::/64", "http://[fd07:b51a:cc66:f0::1]/", True),
        ("fd07:b51a:cc66:f0::/64", ARXIV, False),
        ("[fd00::1]", "http://[fd00::1]/", True),
        ("fd00:0::1", "http://[fd00::1]/", True),
        ("[fd00::1]:80", "http://[fd00::1]/", True),
        ("[fd00::1]:81", "http://[fd00::1]/", False),
        ("10.0.0.0/99", "http://10.0.0.1/", False),
        (",,", ARXIV, False),
        (".", ARXIV, False),
    ],
)
def test_no_proxy_in_its_usual_forms(entry: str, url: str, is_excepted: bool) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        found = proxy_of(url, {"ALL_PROXY": "http://p:1", name: entry})
        assert (found is None) == is_excepted


def test_what_cannot_be_understood_in_no_proxy_can_be_asked_for() -> None:
    environ = {"NO_PROXY": "localhost,10.0.0.0/99,http://x/,fd00::/8,*.example.org"}
    assert unreadable_exceptions(environ) == ["10.0.0.0/99", "http://x/"]


anything = st.text(max_size=30) | st.text(alphabet="socks45hpt:/@[]%.,0129*-", max_size=30)


@given(anything, anything)
def test_no_value_of_the_variables_is_a_traceback(proxy: str, exceptions: str) -> None:
    environ = {"ALL_PROXY": proxy, "NO_PROXY": exceptions}
    for url in (ARXIV, "http://10.0.0.1:81/", "http://[fd00::1]/"):
        try:
            found = proxy_of(url, environ)
        except ConfigError:
            continue
        assert found is None or str(found)
    assert unreadable_exceptions(environ) is not None
