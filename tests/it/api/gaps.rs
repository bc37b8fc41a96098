//! Operations that are known to differ: they are printed as failures, and fail nothing yet.

pub(crate) const GAPS: &[&str] = &[
    "GET /v1/cryptocurrency/ohlcv/historical",
    "GET /v1/cryptocurrency/quotes/historical",
    "GET /v1/cryptocurrency/trending/gainers-losers",
    "GET /v1/exchange/quotes/historical",
    "GET /v1/global-metrics/quotes/historical",
    "GET /v2/cryptocurrency/ohlcv/historical",
    "GET /v2/cryptocurrency/quotes/historical",
    "GET /v3/cryptocurrency/quotes/historical",
];
