"""Every method of the official SDK once: 110 methods for 110 operations.

`QUESTIONS` maps `namespace.method` to its keyword arguments. A value that starts with `$` is read
from the simulator first (see `SUBJECTS`); one that starts with `@` is so many hours before its
clock; a `body` is made with the SDK's own model of that name.
"""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta
from typing import Any, Callable

from coinmarketcap import CoinMarketCap, models

TOKEN = "0xdac17f958d2ee523a2206206994597c13d831ec7"
PAIR = "0x0d4a11d5eeaac28ec3f61d100daf4d40471f1852"
WALLET = "0x28c6c06298d514db089934071355e5743bf21d60"

# name: (method, arguments, where the name stands in the answer)
SUBJECTS: dict[str, tuple[str, dict[str, Any], tuple[Any, ...]]] = {
    "category": ("cryptocurrency.categories", {"limit": 1}, (0, "id")),
    "airdrop": ("cryptocurrency.airdrops", {"limit": 1}, (0, "id")),
    "post": ("content.posts_latest", {"id": "1"}, ("list", 0, "post_id")),
    "issuer": ("real_world_assets.issuers_list", {}, ("issuers", 0, "issuer_id")),
    "rwa": ("real_world_assets.map", {}, ("assets", 0, "rwa_id")),
}

_TOKEN = {"platform": "ethereum", "address": TOKEN}
_PAIR = {"contract_address": PAIR, "network_slug": "ethereum"}
_HOLDERS = {"platform": "ethereum", "token_address": TOKEN}
_WINDOW = {"time_start": "@144", "time_end": "@48", "interval": "daily"}
_LEADERS = {"body": ("DqueryMarketRequestDTO", {"pageSize": 5, "interval": "24h"})}

QUESTIONS: dict[str, dict[str, Any]] = {
    "cmc_ai.coins_latest": {"crypto_id": "1"},
    "cmc_ai.coins_map": {"limit": 5},
    "cmc_ai.latest": {"limit": 5},
    "cmc_index.index_cmc100_historical": {"count": "3", "interval": "daily"},
    "cmc_index.index_cmc100_latest": {},
    "cmc_index.index_cmc20_historical": {"count": "3", "interval": "5m"},
    "cmc_index.index_cmc20_latest": {},
    "community.trending_token": {"limit": 3},
    "community.trending_topic": {"limit": 3},
    "content.latest": {"limit": 5, "symbol": "BTC"},
    "content.posts_comments": {"post_id": "$post"},
    "content.posts_latest": {"id": "1"},
    "content.posts_top": {"symbol": "ETH"},
    "crypto_others.blockchain_statistics_latest": {"symbol": "BTC,LTC"},
    "cryptocurrency.airdrop": {"id": "$airdrop"},
    "cryptocurrency.airdrops": {"limit": 5},
    "cryptocurrency.categories": {"limit": 5},
    "cryptocurrency.category": {"id": "$category", "limit": 5},
    "cryptocurrency.info": {"id": "1,1027"},
    "cryptocurrency.listings_historical": {"date": "@48", "limit": 10},
    "cryptocurrency.listings_latest": {"limit": "10", "convert": "EUR"},
    "cryptocurrency.listings_new": {"limit": 10},
    "cryptocurrency.map": {"limit": 20},
    "cryptocurrency.marketpairs_latest": {"id": "1", "limit": 10},
    "cryptocurrency.ohlcv_historical": {"id": "1", **_WINDOW},
    "cryptocurrency.ohlcv_latest": {"id": "1,1027", "convert": "USD,EUR"},
    "cryptocurrency.priceperformancestats_latest": {"id": "1", "time_period": "all_time,7d"},
    "cryptocurrency.quotes_historical": {"id": "1,1027", "count": 5, "interval": "1h"},
    "cryptocurrency.quotes_latest": {"slug": "bitcoin"},
    "cryptocurrency.simple_price": {"slug": "bitcoin"},
    "cryptocurrency.trending_gainerslosers": {"limit": 10, "time_period": "7d"},
    "cryptocurrency.trending_latest": {"limit": 10},
    "cryptocurrency.trending_mostvisited": {"limit": 10, "convert": "EUR"},
    "deprecated.cryptocurrency_info": {"slug": "bitcoin"},
    "deprecated.cryptocurrency_listings_latest": {"limit": 10},
    "deprecated.cryptocurrency_marketpairs_latest": {"slug": "ethereum", "limit": 10},
    "deprecated.cryptocurrency_multiplier": {"crypto_id": "1"},
    "deprecated.cryptocurrency_ohlcv_historical": {"id": "1027", "count": 3},
    "deprecated.cryptocurrency_ohlcv_latest": {"symbol": "BTC"},
    "deprecated.cryptocurrency_priceperformancestats_latest": {"slug": "bitcoin"},
    "deprecated.cryptocurrency_quotes_historical": {"id": "1", **_WINDOW},
    "deprecated.cryptocurrency_quotes_latest": {"id": "1"},
    "deprecated.dex_multiplier": {"platform": "ethereum", "token_address": TOKEN},
    "deprecated.get_v2_cryptocurrency_quotes_historical": {"id": "1", "count": 3},
    "deprecated.get_v2_cryptocurrency_quotes_latest": {"id": "1"},
    "deprecated.latest_listings": {"limit": "5"},
    "deprecated.listings_info": {"id": "1"},
    "deprecated.networks": {"limit": "5"},
    "deprecated.pairs_historical_ohlcv": {**_PAIR, "count": "3"},
    "deprecated.pairs_latest_ohlcv": _PAIR,
    "deprecated.pairs_latest_trade": _PAIR,
    "deprecated.partners_flipsidecrypto_fcas_listings_latest": {"limit": 5},
    "deprecated.partners_flipsidecrypto_fcas_quotes_latest": {"id": "1"},
    "deprecated.simple_price": {"ids": "1"},
    "deprecated.tools_priceconversion": {"amount": 3, "id": "1"},
    "derivatives.cryptocurrency_derivatives_market_pairs_list_latest": {"crypto_id": 1, "limit": 5},
    "derivatives.exchange_derivatives_list": {"limit": 5},
    "derivatives.exchange_derivatives_market_pairs_list_latest": {"exchange_id": 270, "limit": 5},
    "derivatives.liquidations_cryptocurrency_list_latest": {"limit": 5},
    "derivatives.liquidations_exchange_list_latest": {"limit": 5},
    "derivatives.liquidations_quotes_latest": {},
    "exchange.assets": {"id": "270"},
    "exchange.info": {"id": "270"},
    "exchange.listings_latest": {"limit": 10},
    "exchange.map": {"limit": 10},
    "exchange.marketpairs_latest": {"id": "270", "limit": 10},
    "exchange.quotes_historical": {"id": "270", "count": 3},
    "exchange.quotes_latest": {"slug": "binance", "convert": "EUR"},
    "global_metrics.altcoin_season_index_historical": {"timeframe": "30d"},
    "global_metrics.altcoin_season_index_latest": {},
    "global_metrics.fearandgreed_historical": {"limit": 5},
    "global_metrics.fearandgreed_latest": {},
    "global_metrics.globalmetrics_quotes_historical": {"count": 3},
    "global_metrics.globalmetrics_quotes_latest": {"convert": "GBP"},
    "holder.count": _HOLDERS,
    "holder.detail": {
        "body": (
            "DqueryHoldersDetailRequestDTO",
            {"tokenAddress": TOKEN, "platform": "ethereum", "walletAddress": WALLET},
        )
    },
    "holder.hold_trend_list": _HOLDERS,
    "holder.holders": {
        "body": ("DqueryHoldersRequestDTO", {"tokenAddress": TOKEN, "platform": "ethereum"})
    },
    "holder.tag_count": _HOLDERS,
    "ohlcv.kline_candles": {**_TOKEN, "interval": "1h", "limit": 5},
    "ohlcv.kline_points": {**_TOKEN, "interval": "1d", "limit": 5},
    "platform.detail": {"platform_name": "ethereum"},
    "platform.list": {},
    "real_world_assets.assets_list": {"limit": 5},
    "real_world_assets.info": {"rwa_id": "$rwa"},
    "real_world_assets.issuers": {"issuer_id": "$issuer"},
    "real_world_assets.issuers_list": {"limit": 5},
    "real_world_assets.map": {"limit": 5},
    "real_world_assets.market_pairs_list": {"rwa_id": "$rwa", "limit": 5},
    "real_world_assets.quotes_latest": {"rwa_id": "$rwa"},
    "token.batch_get_token_price": {
        "body": (
            "DqueryBatchPriceRequestDTO",
            {"tokens": [{"platform": "ethereum", "address": TOKEN}]},
        )
    },
    "token.batch_query_tokens": {
        "body": ("DqueryBatchTokenRequestDTO", {"platform": "ethereum", "addresses": [TOKEN]})
    },
    "token.gainer_loser_list": _LEADERS,
    "token.latest_pairs_quotes": _PAIR,
    "token.liquidity_change_list": {**_TOKEN, "limit": 5},
    "token.meme_list": {"body": ("DqueryMemeRequestDTO", {"limit": 5})},
    "token.new_list": _LEADERS,
    "token.pools": _TOKEN,
    "token.price": _TOKEN,
    "token.query_token_liquidity": _TOKEN,
    "token.search": {"q": "usdt", "limit": 5},
    "token.security_detail": {"platform_name": "ethereum", "address": TOKEN},
    "token.spot_pairs_latest": {"network_slug": "ethereum", "limit": "5"},
    "token.swap_list": {**_TOKEN, "limit": 5},
    "token.token": _TOKEN,
    "token.trending_list": _LEADERS,
    "tools.fiat_map": {"include_metals": True},
    "tools.key_info": {},
    "tools.postman": {},
    "tools.priceconversion": {"amount": 5, "id": "825"},
}


def methods(sdk: CoinMarketCap) -> list[str]:
    """All methods that ask something, as `namespace.method`."""
    found = []
    for space in (name for name in dir(sdk) if not name.startswith("_")):
        for name in dir(getattr(sdk, space)):
            is_asking = not name.startswith(("_", "async_"))
            if is_asking and inspect.ismethod(getattr(getattr(sdk, space), name)):
                found.append(f"{space}.{name}")
    return found


def call_of(path: str, arguments: dict[str, Any]) -> Callable[[CoinMarketCap], Any]:
    space, name = path.split(".")
    return lambda sdk: getattr(getattr(sdk, space), name)(**arguments)


def subject(ask: Callable[..., Any], name: str) -> Any:
    """Reads a name from an answer; `ask` yields the body of a call's answer."""
    path, arguments, steps = SUBJECTS[name]
    found = ask(call_of(path, arguments))["data"]
    for step in steps:
        found = found[step]
    return str(found)


def arguments_of(path: str, ask: Callable[..., Any], now: datetime) -> dict[str, Any]:
    """The arguments of a method, with subjects, instants and bodies filled in."""
    filled: dict[str, Any] = {}
    for name, value in QUESTIONS[path].items():
        if isinstance(value, str) and value.startswith("$"):
            value = subject(ask, value[1:])
        elif isinstance(value, str) and value.startswith("@"):
            instant = now - timedelta(hours=int(value[1:]))
            value = instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        elif isinstance(value, tuple):
            model, members = value
            value = getattr(models, model).from_dict(members)
        filled[name] = value
    return filled
