#![doc = include_str!("../README.md")]

mod ask;
mod aux;
pub mod bridge;
mod call;
mod catalogue;
pub mod client;
mod convert;
pub mod envelope;
mod environment;
mod error;
pub mod fiat;
#[cfg(feature = "http")]
mod http;
mod id;
pub mod json;
mod key_info;
pub mod layers;
pub mod limits;
pub mod metrics;
mod number;
mod openapi;
mod operation;
mod param;
mod part;
mod plan;
mod query;
mod ranking;
mod reply;
#[cfg(any(test, feature = "testing"))]
pub mod scripted;
mod secret;
mod selector;
mod symbol;
mod tariff;
mod text;
pub mod types;
mod upstream;
mod validate;
mod weight;

pub use ask::{
    Ask, CoinListAsk, ConversionAsk, InfoAsk, ListingsAsk, MapAsk, MapSort, PartsAsk, QuotesAsk,
    RowFilter, SimpleAsk, SimpleFields, View,
};
pub use aux::{Aux, InfoAux, MapAux};
pub use call::{Call, CallError};
pub use catalogue::{Catalogue, CatalogueError};
pub use client::{Client, ClientError, Typed};
pub use convert::Converts;
pub use environment::Environment;
pub use error::{ApiError, Charge, UpstreamError, UpstreamErrorKind};
#[cfg(feature = "http")]
pub use http::{HttpConfig, HttpError, HttpUpstream, PoolUsage, install_tls};
pub use id::{CoinId, IdText};
pub use key_info::{CreditUsage, KeyInfo, KeyPlan, KeyUsage, MinuteUsage};
pub use number::Number;
pub use openapi::openapi;
pub use operation::{
    Billing, BodyField, CacheClass, Depth, Family, History, JudgedBy, Keying, Method, Operation,
    PriceRule, PriceUnit, Style, V, WireType,
};
pub use param::{Bound, Param, ParamKind, Range, Subject, Words};
pub use part::{Part, Whose};
pub use plan::{Plan, PlanList, PlanOffer};
pub use query::{Query, QueryError};
pub use ranking::Ranking;
pub use reply::{ApiStatus, Reply, Timing};
#[cfg(any(test, feature = "testing"))]
pub use scripted::ScriptedUpstream;
pub use secret::Secret;
pub use selector::Selector;
pub use tariff::{Deviation, Seen, Slots, Tariff};
pub use upstream::{Layer, Now, Upstream};
pub use validate::invalid_values;
