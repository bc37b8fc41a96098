#!/usr/bin/env python3
"""Asks two servers the same questions with the official SDK and compares what it reads.

    compare.py GATEWAY_URL SIMULATOR_URL --key KEY

The SDK is used as it is installed; only `base_url` changes. Every call is made against both
servers while the simulator's clock stands still, is parsed by the SDK's own models, and its
`data` is compared twice: the raw JSON with numbers as text, and the models as dictionaries.
Ends with 0 when all are equal, with 1 and a readable difference otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable

import every
import httpx
from coinmarketcap import CMCError, CoinMarketCap

ALL_AUX = (
    "num_market_pairs,cmc_rank,date_added,tags,platform,max_supply,circulating_supply,"
    "total_supply,market_cap_by_total_supply,volume_24h_reported,volume_7d,volume_7d_reported,"
    "volume_30d,volume_30d_reported,is_market_cap_included_in_calc,is_active,is_fiat"
)
SHOWN_DIFFERENCES = 5


class Side:
    """One server, asked through the SDK; keeps the last raw body."""

    def __init__(self, name: str, base_url: str, key: str) -> None:
        self.name = name
        self.raw = ""
        # Documented: further keywords are handed to httpx. The SDK itself stays untouched.
        self.sdk = CoinMarketCap(
            api_key=key, base_url=base_url, event_hooks={"response": [self._keep]}
        )

    def _keep(self, response: httpx.Response) -> None:
        self.raw = response.read().decode("utf-8")

    def ask(self, call: Callable[[CoinMarketCap], Any]) -> Seen:
        self.raw = ""
        try:
            model = call(self.sdk)
        except CMCError as error:
            return Seen("refused", error.status_code, self._text(), None)
        except (TypeError, ValueError, KeyError, AttributeError):
            if not self.raw:
                raise
            return Seen("unreadable", 200, self._text(), None)
        read = model.to_dict() if hasattr(model, "to_dict") else model
        return Seen("parsed", 200, self._text(), read)

    def body(self, call: Callable[[CoinMarketCap], Any]) -> Any:
        """What was answered, as it is, whatever the SDK makes of it."""
        self.ask(call)
        return json.loads(self.raw)

    def _text(self) -> Any:
        """The body, every number as the text it was written in."""
        return json.loads(self.raw, parse_float=Number, parse_int=Number, parse_constant=Number)


class Number(str):
    """A number's text; unlike a string with the same letters."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and str.__eq__(self, other)

    __hash__ = str.__hash__

    def __repr__(self) -> str:
        return str(self)


@dataclass
class Seen:
    """What one server made the SDK see."""

    outcome: str
    http: int
    body: Any
    model: dict[str, Any] | None


@dataclass
class Case:
    """One question.

    `shape_only` names members of `data` of which only the types must agree; `outcome` is what the
    SDK makes of the answer, with either server.
    """

    title: str
    call: Callable[[CoinMarketCap], Any]
    shape_only: tuple[str, ...] = ()
    outcome: str = "parsed"


def cases(simulator: Side) -> list[Case]:
    """Every composed operation, by every identifier it has; then every method."""
    found: list[Case] = []

    def add(title: str, call: Callable[[CoinMarketCap], Any], **more: Any) -> None:
        found.append(Case(title, call, **more))

    for version, ask in quote_versions():
        add(f"quotes {version} by id", lambda sdk, ask=ask: ask(sdk)(id="1,1027,825"))
        add(f"quotes {version} by slug", lambda sdk, ask=ask: ask(sdk)(slug="bitcoin,solana"))
        add(f"quotes {version} by symbol", lambda sdk, ask=ask: ask(sdk)(symbol="BTC,eth,Doge"))
        add(
            f"quotes {version} in three currencies",
            lambda sdk, ask=ask: ask(sdk)(id="1,5426", convert="USD,EUR,BTC"),
        )
        add(
            f"quotes {version} by convert_id",
            lambda sdk, ask=ask: ask(sdk)(id="52", convert_id="2790,1027"),
        )
        add(f"quotes {version} with every aux", lambda sdk, ask=ask: ask(sdk)(id="1", aux=ALL_AUX))
        add(
            f"quotes {version}, an unknown id",
            lambda sdk, ask=ask: ask(sdk)(id="1,99999999", skip_invalid=False),
            outcome="refused",
        )
    add_lists(add)
    add_metadata(add)
    add_tools(add)
    add_every_method(add, simulator)
    return found


def add_every_method(add: Callable[..., None], simulator: Side) -> None:
    """Each method of the SDK once, so that no operation is left out."""
    methods = every.methods(simulator.sdk)
    if sorted(methods) != sorted(every.QUESTIONS):
        raise SystemExit(f"other methods: {set(methods) ^ set(every.QUESTIONS)}")
    status = simulator.body(lambda sdk: sdk.tools.key_info())["status"]
    now = datetime.fromisoformat(status["timestamp"].replace("Z", "+00:00"))
    for path in methods:
        try:
            arguments = every.arguments_of(path, simulator.body, now)
        except (KeyError, IndexError, TypeError) as error:
            raise SystemExit(f"{path}: the simulator names nothing to ask for: {error!r}")
        more = {"shape_only": ("usage",)} if path == "tools.key_info" else {}
        add(f"every method: {path}", every.call_of(path, arguments), **more)


def quote_versions() -> list[tuple[str, Callable[[CoinMarketCap], Any]]]:
    return [
        ("v1", lambda sdk: sdk.deprecated.cryptocurrency_quotes_latest),
        ("v2", lambda sdk: sdk.deprecated.get_v2_cryptocurrency_quotes_latest),
        ("v3", lambda sdk: sdk.cryptocurrency.quotes_latest),
    ]


def add_lists(add: Callable[..., None]) -> None:
    for version, ask in [
        ("v1", lambda sdk: sdk.deprecated.cryptocurrency_listings_latest),
        ("v3", lambda sdk: sdk.cryptocurrency.listings_latest),
    ]:
        add(f"listings {version}", lambda sdk, ask=ask: ask(sdk)())
        add(
            f"listings {version}, second page in euro",
            lambda sdk, ask=ask: ask(sdk)(start=101, limit=50, convert="EUR"),
        )
        add(
            f"listings {version} by name",
            lambda sdk, ask=ask: ask(sdk)(limit=20, sort="name", sort_dir="asc"),
        )
    add("map", lambda sdk: sdk.cryptocurrency.map(limit=200))
    add("map by rank", lambda sdk: sdk.cryptocurrency.map(limit=100, sort="cmc_rank"))
    add("map by symbol", lambda sdk: sdk.cryptocurrency.map(symbol="BTC,ETH"))
    add("map of inactive coins", lambda sdk: sdk.cryptocurrency.map(listing_status="inactive"))


def add_metadata(add: Callable[..., None]) -> None:
    for version, ask in [
        ("v1", lambda sdk: sdk.deprecated.cryptocurrency_info),
        ("v2", lambda sdk: sdk.cryptocurrency.info),
    ]:
        add(f"info {version} by id", lambda sdk, ask=ask: ask(sdk)(id="1,825"))
        add(f"info {version} by slug", lambda sdk, ask=ask: ask(sdk)(slug="ethereum,tether"))
        add(f"info {version} by symbol", lambda sdk, ask=ask: ask(sdk)(symbol="BTC,usdt"))
        add(
            f"info {version}, other aux",
            lambda sdk, ask=ask: ask(sdk)(
                id="1", aux="urls,logo,description,tags,platform,date_added,status"
            ),
        )
    add("simple price v1", lambda sdk: sdk.deprecated.simple_price(ids="1,1027"))
    add(
        "simple price v1 with all",
        lambda sdk: sdk.deprecated.simple_price(
            ids="74",
            include_market_cap=True,
            include_volume_24h=True,
            include_percent_change_24h=True,
            include_last_updated=True,
        ),
    )
    simple = "simple price v2"
    add(f"{simple} by id", lambda sdk: sdk.cryptocurrency.simple_price(id="1,1027"))
    add(f"{simple} by slug", lambda sdk: sdk.cryptocurrency.simple_price(slug="bitcoin"))
    add(
        f"{simple} by symbol",
        lambda sdk: sdk.cryptocurrency.simple_price(
            symbol="BTC,XRP", convert="USD,GBP", include_all=True
        ),
    )


def add_tools(add: Callable[..., None]) -> None:
    add("global metrics", lambda sdk: sdk.global_metrics.globalmetrics_quotes_latest())
    add(
        "global metrics in euro",
        lambda sdk: sdk.global_metrics.globalmetrics_quotes_latest(convert="EUR"),
    )
    for version, ask in [
        ("v1", lambda sdk: sdk.deprecated.tools_priceconversion),
        ("v2", lambda sdk: sdk.tools.priceconversion),
    ]:
        title = f"conversion {version}"
        add(f"{title} by id", lambda sdk, ask=ask: ask(sdk)(amount=2.5, id="1", convert="EUR"))
        # v2 answers a symbol with a list, which the SDK's model of one coin cannot read.
        add(
            f"{title} by symbol",
            lambda sdk, ask=ask: ask(sdk)(amount=100, symbol="ETH", convert="USD,BTC"),
            outcome="parsed" if version == "v1" else "unreadable",
        )
        add(
            f"{title} by convert_id",
            lambda sdk, ask=ask: ask(sdk)(amount=7, id="825", convert_id="2797"),
        )
    # The counters include these very calls, and the gateway's own: only their types can agree.
    add("key info", lambda sdk: sdk.tools.key_info(), shape_only=("usage",))


def differences(path: str, left: Any, right: Any) -> list[str]:
    """Where two documents differ, as `path: left is not right`."""
    if isinstance(left, dict) and isinstance(right, dict):
        found = [f"{path}.{name}: only in the gateway" for name in left if name not in right]
        found += [f"{path}.{name}: only in the simulator" for name in right if name not in left]
        for name in left:
            if name in right:
                found += differences(f"{path}.{name}", left[name], right[name])
        return found
    if isinstance(left, list) and isinstance(right, list):
        found = []
        for index, (one, other) in enumerate(zip(left, right)):
            found += differences(f"{path}[{index}]", one, other)
        if len(left) != len(right):
            found.append(f"{path}: {len(left)} elements are not {len(right)}")
        return found
    if type(left) is type(right) and left == right:
        return []
    return [f"{path}: {shown(left)} is not {shown(right)}"]


def shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:120] + "…"


def shape(value: Any) -> Any:
    """A value with every leaf replaced by its type."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def data_of(seen: Seen, shape_only: tuple[str, ...]) -> tuple[Any, Any]:
    """`data` as text and as the SDK's models see it, or the refusal."""
    if seen.outcome == "refused":
        status = seen.body["status"]
        return [seen.http, status["error_code"], status["error_message"]], None
    pair = []
    for document in (seen.body, seen.model or {}):
        data = document.get("data")
        for name in shape_only:
            data[name] = shape(data[name])
        pair.append(data)
    return pair[0], pair[1]


def compare(case: Case, gateway: Side, simulator: Side) -> list[str]:
    """Asks both and says how they differ."""
    seen = [side.ask(case.call) for side in (gateway, simulator)]
    found = [
        f"by the {side.name}: {one.outcome}, not {case.outcome}: {shown(one.body)}"
        for side, one in zip((gateway, simulator), seen)
        if one.outcome != case.outcome
    ]
    if found:
        return found
    (left, left_model), (right, right_model) = (data_of(one, case.shape_only) for one in seen)
    if left in (None, [], {}):
        return ["both answers are empty: nothing was compared"]
    return differences("data", left, right) or differences("model", left_model, right_model)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gateway")
    parser.add_argument("simulator")
    parser.add_argument("--key", required=True)
    arguments = parser.parse_args()
    gateway = Side("gateway", arguments.gateway, arguments.key)
    simulator = Side("simulator", arguments.simulator, arguments.key)
    n_failed = 0
    asked = cases(simulator)
    for case in asked:
        try:
            found = compare(case, gateway, simulator)
        except Exception as error:  # A model that cannot read an answer fails this case only.
            found = [f"{type(error).__name__}: {error}"]
        n_failed += bool(found)
        notes = [f"types only: {name}" for name in case.shape_only]
        notes += [case.outcome] if case.outcome != "parsed" else []
        note = f" ({', '.join(notes)})" if notes else ""
        print(f"{'DIFFERS' if found else 'equal'.ljust(7)} {case.title}{note}")
        for difference in found[:SHOWN_DIFFERENCES]:
            print(f"        {difference}")
        if len(found) > SHOWN_DIFFERENCES:
            print(f"        … and {len(found) - SHOWN_DIFFERENCES} more")
    print(f"{len(asked) - n_failed} of {len(asked)} calls equal")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
