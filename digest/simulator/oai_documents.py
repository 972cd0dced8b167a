"""Answers in arXiv's OAI-PMH, byte for byte as its server writes them since 2025.

Held to recorded answers, white space and all: the server fills in templates, and their indentation
shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from digest.simulator.oai_metadata import FORMATS, Work, quoted
from digest.simulator.oai_sets import SETS

#: The first day of which there are records.
EARLIEST: Final = date(2005, 9, 16)

#: What the server calls itself in its answers.
_ADDRESS: Final = "http://oaipmh.arxiv.org/oai"

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"\x20
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/\
 http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
"""

_IDENTITY: Final = f"""\
        <repositoryName>arXiv</repositoryName>
        <baseURL>https://oaipmh.arxiv.org/oai</baseURL>
        <protocolVersion>2.0</protocolVersion>
        <adminEmail>help@arxiv.org</adminEmail>
        <earliestDatestamp>{EARLIEST}</earliestDatestamp>
        <deletedRecord>persistent</deletedRecord>
        <granularity>YYYY-MM-DD</granularity>
            <description>
        <eprints xmlns="http://www.openarchives.org/OAI/1.1/eprints"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://www.openarchives.org/OAI/1.1/eprints\
 http://www.openarchives.org/OAI/1.1/eprints.xsd">
            <content>
                <text>Author self-archived e-prints</text>
            </content>
            <metadataPolicy>
                <text>Metadata harvesting permitted through OAI interface</text>
                <URL>https://info.arxiv.org/help/oa/metadataPolicy.html</URL>
            </metadataPolicy>
            <dataPolicy>
                <text>Full-content harvesting not permitted (except by special arrangement)</text>
                <URL>https://info.arxiv.org/help/oa/dataPolicy.html</URL>
            </dataPolicy>
            <submissionPolicy>
                <text>Author self-submission preferred,\
 submissions screened for appropriateness.</text>
                <URL>https://info.arxiv.org/help/submit/index.html</URL>
            </submissionPolicy>
        </eprints>
    </description>

"""

#: The protocol's own words for its errors.
_ERRORS: Final = {
    "badArgument": "The request includes illegal arguments, is missing required arguments,"
    " includes a repeated argument, or values for arguments have an illegal syntax.",
    "badResumptionToken": "The value of the resumptionToken argument is invalid or expired.",
    "badVerb": "Value of the verb argument is not a legal OAI-PMH verb,"
    " the verb argument is missing, or the verb argument is repeated.",
    "cannotDisseminateFormat": "The metadata format identified by the value given for the"
    " metadataPrefix argument is not supported by the item or by the repository.",
    "idDoesNotExist": "The value of the identifier argument is unknown or illegal in this"
    " repository.",
    "noRecordsMatch": "The combination of the values of the from, until, set and metadataPrefix"
    " arguments results in an empty list.",
}


def error(code: str, reason: str, asked: Mapping[str, str], moment: datetime) -> bytes:
    """An error; `reason` is the server's own, empty for none."""
    words = f"{_ERRORS[code]} Reason: {quoted(reason)}" if reason else _ERRORS[code]
    return _document(asked, f"    <error code='{code}'>{words}</error>\n", moment)


def identity(moment: datetime) -> bytes:
    """The answer to Identify."""
    return _answer({"verb": "Identify"}, _IDENTITY, moment)


def formats(asked: Mapping[str, str], moment: datetime) -> bytes:
    """The answer to ListMetadataFormats."""
    return _answer(asked, "".join(map(_format, FORMATS)), moment)


def sets(moment: datetime) -> bytes:
    """The answer to ListSets."""
    content = "".join(
        f"                <set>\n        <setSpec>{spec}</setSpec>\n"
        f"        <setName>{quoted(name)}</setName>\n    </set>\n\n"
        for spec, name in SETS
    )
    return _answer({"verb": "ListSets"}, content, moment, indent=12)


def header(base: str, datestamp: date, specs: Sequence[str]) -> str:
    """A work's header: its id, when its record was last touched, its sets."""
    return "".join(
        (
            "                <header>\n",
            f"        <identifier>oai:arXiv.org:{base}</identifier>\n",
            f"        <datestamp>{datestamp}</datestamp>\n",
            *(f"            <setSpec>{spec}</setSpec>\n" for spec in specs),
            "    </header>\n\n",
        )
    )


def record(work: Work, prefix: str, specs: Sequence[str]) -> str:
    """A work's header and its metadata in a format."""
    return "".join(
        (
            "                <record>\n",
            header(work.paper.id, work.datestamp, specs),
            "            <metadata>\n                        ",
            *FORMATS[prefix](work),
            "\n            </metadata>\n        </record>\n\n",
        )
    )


def single(asked: Mapping[str, str], content: str, moment: datetime) -> bytes:
    """The answer to GetRecord."""
    return _answer(asked, content, moment)


def listed(
    asked: Mapping[str, str],
    verb: str,
    contents: Sequence[str],
    token: str | None,
    moment: datetime,
) -> bytes:
    """A page of a list; an empty `token` says that it is the last one of several."""
    # In a list each record stands four columns further to the right, where it begins.
    content = "".join(f"    {one}" if verb == "ListRecords" else one for one in contents)
    if token is not None:
        content += f"{' ' * 20}{_token(token, moment)}\n\n"
    if "resumptionToken" not in asked:
        return _answer(asked, content, moment)
    given = " ".join(f"{name}='{quoted(value)}'" for name, value in asked.items())
    return _document(given, _element(verb, content), moment)


def expiry(moment: datetime) -> datetime:
    """When a token of that moment expires: at the next midnight of UTC."""
    return datetime.combine(moment.date() + timedelta(days=1), time(), UTC)


def _format(prefix: str) -> str:
    dublin_core = "https://www.openarchives.org/OAI/2.0/oai_dc"
    schema = f"https://oaipmh.arxiv.org/OAI/{prefix}.xsd"
    space = f"http://arxiv.org/OAI/{prefix}/"
    if prefix == "oai_dc":
        schema, space = f"{dublin_core}.xsd", f"{dublin_core.replace('https', 'http')}/"
    return (
        f"                <metadataFormat>\n    <metadataPrefix>{prefix}</metadataPrefix>\n"
        f"    <schema>{schema}</schema>\n"
        f"    <metadataNamespace>{space}</metadataNamespace>\n</metadataFormat>\n\n"
    )


def _token(token: str, moment: datetime) -> str:
    if not token:
        return "<resumptionToken/>"
    expires = f"{expiry(moment):%Y-%m-%dT%H:%M:%SZ}"
    return f"<resumptionToken expirationDate='{expires}'>{quoted(token)}</resumptionToken>"


def _answer(asked: Mapping[str, str], content: str, moment: datetime, indent: int = 16) -> bytes:
    return _document(asked, _element(asked["verb"], content), moment, indent)


def _element(verb: str, content: str) -> str:
    return f"    <{verb}>\n{content}    </{verb}>\n"


def _document(
    asked: Mapping[str, str] | str, content: str, moment: datetime, indent: int = 16
) -> bytes:
    """`asked` are the arguments that the answer repeats, or their text."""
    if not isinstance(asked, str):
        asked = " ".join(f'{name}="{quoted(value)}"' for name, value in asked.items())
    given = f" {asked}" if asked else ""
    return (
        f"{_HEAD}    <responseDate>{moment:%Y-%m-%dT%H:%M:%SZ}</responseDate>\n"
        f"{' ' * indent}<request{given}>{_ADDRESS}</request>\n\n\n{content}</OAI-PMH>"
    ).encode()
