//! What a request costs where it is sent to the API as it is.

use std::{collections::HashMap, sync::Arc};

use cmcache::cmc_api::{Call, Catalogue, Query, Tariff};

use super::request::{Ask, Request};

/// Everything on which the price of a generated request depends: kind, version, coins or places,
/// currencies.
type Shape = (u8, u8, u32, u32);

/// Prices by the catalogue, each shape priced once.
#[derive(Debug)]
pub(crate) struct Prices {
    catalogue: Arc<Catalogue>,
    tariff: Tariff,
    by_shape: HashMap<Shape, u64>,
    by_text: HashMap<Arc<str>, u64>,
}

impl Default for Prices {
    fn default() -> Self {
        let catalogue = Catalogue::embedded();
        let tariff = Tariff::of(&catalogue);
        Self { catalogue, tariff, by_shape: HashMap::new(), by_text: HashMap::new() }
    }
}

impl Prices {
    /// The price of a request whose text is `target`.
    pub(crate) fn of(&mut self, request: &Request, target: &str) -> u64 {
        if let Some(text) = &request.text {
            if let Some(price) = self.by_text.get(text) {
                return *price;
            }
            let price = self.priced(target);
            self.by_text.insert(Arc::clone(text), price);
            return price;
        }
        let shape = shape(request);
        if let Some(price) = self.by_shape.get(&shape) {
            return *price;
        }
        let price = self.priced(target);
        self.by_shape.insert(shape, price);
        price
    }

    /// Of any text; 0 for what the API would refuse.
    fn priced(&self, target: &str) -> u64 {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parsed = Query::parse(&self.catalogue, "GET", path, query, Vec::new().into());
        let call = parsed.ok().and_then(|query| Call::whole(&query).ok());
        call.map_or(0, |call| self.tariff.price(&call).get())
    }
}

fn shape(request: &Request) -> Shape {
    let count = |places: &[u16]| u32::try_from(places.len()).unwrap_or(u32::MAX);
    let (kind, n) = match &request.ask {
        Ask::Quotes(places) => (0, count(places)),
        Ask::Listing { limit, .. } => (1, *limit),
        Ask::Simple(places) => (2, count(places)),
        Ask::Info(places) => (3, count(places)),
        Ask::Global => (4, 1),
        Ask::Fear => (5, 1),
        Ask::Map(_) => (6, 1),
        Ask::Other => (7, 1),
    };
    (kind, request.version, n, request.n_currencies())
}
