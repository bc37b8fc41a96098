//! The table of everything served: path, stack, parameters, price, and who writes the data.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::config::Plan;
use crate::envelope::Stack;
use crate::json::Json;
use crate::market::Market;
use crate::market::moment::Moment;
use crate::meter::{Meter, Payer};
use crate::params::Params;
use crate::params::spec::Spec;
use crate::quirks::{QueryUnknown, Quirks, Unresolved};
use crate::refusal::Refusal;
use crate::resolve::Named;
use crate::tariff::Price;
use crate::time::Millis;

/// Rows of a table: method, path, version, stack, keyless, least plan, price, parameters, writer.
macro_rules! operations {
    ($($method:ident $path:literal $version:literal $stack:ident $keyless:literal $plan:ident
       ($price:expr) $spec:path, $serve:path;)*) => {
        &[$($crate::operations::Operation {
            method: $crate::operations::Method::$method, path: $path, version: $version,
            stack: $crate::envelope::Stack::$stack, is_keyless: $keyless,
            plan: $crate::config::Plan::$plan, price: $price, spec: &$spec, serve: $serve,
        }),*]
    };
}

mod community;
mod dex;
mod latest;
mod markets;
mod row;
mod series;
mod v5;

pub(crate) use row::Row;

/// One admitted and validated request.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) market: &'a Market,
    pub(crate) moment: &'a Moment,
    pub(crate) meter: &'a Meter,
    pub(crate) payer: &'a Payer,
    pub(crate) params: Params,
    /// What a POST brought.
    pub(crate) body: &'a [u8],
    pub(crate) version: u8,
    pub(crate) now_ms: Millis,
    pub(crate) quirks: &'a Quirks,
    /// Counts the requests of this simulator.
    pub(crate) n_call: u64,
}

impl Ask<'_> {
    /// Whether unknown identifiers of a classic operation fall away silently.
    pub(crate) fn skips(&self, named: &Named, default: bool) -> bool {
        let empty = self.quirks.skip_invalid_none_valid == Unresolved::Empty;
        self.params.is_true("skip_invalid", default) && (empty || !named.found.is_empty())
    }
}

/// An answer that is known to succeed: what it will be charged for, and how to write it.
pub(crate) struct Prepared<'a> {
    pub(crate) n_items: usize,
    pub(crate) n_converts: usize,
    pub(crate) total_count: Option<u64>,
    /// Whether it costs nothing whatever the price.
    pub(crate) is_free: bool,
    pub(crate) write: Box<dyn FnOnce(&mut Json) + 'a>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(n_items: usize, write: impl FnOnce(&mut Json) + 'a) -> Self {
        Self { n_items, n_converts: 1, total_count: None, is_free: false, write: Box::new(write) }
    }

    pub(crate) fn converted(self, n_converts: usize) -> Self {
        Self { n_converts, ..self }
    }
}

pub(crate) type Serve = for<'a> fn(&'a Ask<'a>) -> Result<Prepared<'a>, Refusal>;

/// One endpoint.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    pub(crate) version: u8,
    pub(crate) method: Method,
    pub(crate) stack: Stack,
    pub(crate) is_keyless: bool,
    /// The least plan that may call it.
    pub(crate) plan: Plan,
    pub(crate) price: Price,
    pub(crate) spec: &'static Spec,
    pub(crate) serve: Serve,
}

/// How an endpoint is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    /// With a JSON body.
    Post,
}

impl Method {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// Every table; together they are everything that is served.
pub(crate) const TABLES: &[&[Operation]] =
    &[latest::TABLE, series::TABLE, markets::TABLE, community::TABLE, v5::TABLE, dex::TABLE];

/// Found at once, whatever their number.
static BY_PATH: LazyLock<HashMap<&str, &Operation>> =
    LazyLock::new(|| all().map(|operation| (operation.path, operation)).collect());

/// Every operation of every table.
pub(crate) fn all() -> impl Iterator<Item = &'static Operation> {
    TABLES.iter().copied().flatten()
}

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Route {
    Served(&'static Operation),
    Unknown,
}

impl Route {
    pub(crate) fn of(path: &str) -> Self {
        BY_PATH.get(path).map_or(Self::Unknown, |operation| Self::Served(operation))
    }

    /// The style of its answers.
    pub(crate) fn stack(self, quirks: &Quirks) -> Stack {
        let moved = &quirks.classic_operations_on_java_stack;
        match self {
            _ if moved.iter().any(|path| path == self.name()) => Stack::Java,
            Self::Served(operation) => operation.stack,
            Self::Unknown => Stack::Java,
        }
    }

    /// Whose way to judge parameters counts.
    pub(crate) fn judge(self, quirks: &Quirks) -> Stack {
        match quirks.classic_unknown_parameters {
            QueryUnknown::Refused => self.stack(quirks),
            QueryUnknown::Ignored => Stack::Java,
        }
    }

    /// Whether it is called by that method; HEAD is a GET whose body stays away.
    pub(crate) fn takes(self, method: &str) -> bool {
        self.methods().split(", ").any(|allowed| allowed == method)
    }

    /// For `Allow`.
    pub(crate) const fn methods(self) -> &'static str {
        match self {
            Self::Served(Operation { method: Method::Post, .. }) => "POST",
            Self::Served(_) | Self::Unknown => "GET, HEAD",
        }
    }

    /// How it is called in the bill.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Served(operation) => operation.path,
            Self::Unknown => "unknown",
        }
    }
}
