//! Questions that every operation must answer, made of its row in the catalogue.

use cmc_api::{Method, Operation, Param};
use fastrand::Rng;

use super::dex;
use super::question::Question;
use super::subjects::Subjects;
use super::values;

/// Names of what an answer is about, where none of them is needed.
const ABOUT: [&str; 9] = [
    "id",
    "slug",
    "symbol",
    "crypto_id",
    "crypto_slug",
    "exchange_id",
    "exchange_slug",
    "rwa_id",
    "rwa_slug",
];
/// Operations that refuse to be about nothing, though no documentation says so.
const NEEDY: [&str; 4] = [
    "/v1/exchange/assets",
    "/v5/real-world-assets/info",
    "/v5/real-world-assets/quotes/latest",
    "/v5/real-world-assets/market-pairs/list",
];
const MATCHED: [&str; 2] = ["matched_id", "matched_symbol"];
const CONVERTS: [&str; 2] = ["convert", "convert_id"];
const WINDOW: [&str; 5] = ["time_start", "time_end", "count", "interval", "time_period"];

pub(crate) type Parameters = Vec<(String, String)>;

/// Writes questions; the same seed and subjects give the same ones.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    pub(crate) rng: Rng,
    pub(crate) subjects: &'a Subjects,
    /// Currencies in one question, at most.
    pub(crate) n_converts_max: usize,
    /// How many times longer lists and pages are than they need be.
    pub(crate) scale: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(seed: u64, subjects: &'a Subjects) -> Self {
        Self { rng: Rng::with_seed(seed), subjects, n_converts_max: 3, scale: 1 }
    }

    /// The `turn`th valid question to an operation; each turn names its subjects in another way.
    pub(crate) fn question(&mut self, operation: &Operation, turn: usize) -> Question {
        let parameters = self.parameters(operation, turn);
        match operation.method {
            Method::Post => Question::new(http::Method::POST, &operation.path, &parameters)
                .with_body(&dex::body(&operation.path, turn)),
            Method::Get => Question::new(http::Method::GET, &operation.path, &parameters),
        }
    }

    /// What such a question passes, each name once.
    pub(crate) fn parameters(&mut self, operation: &Operation, turn: usize) -> Parameters {
        if let Some(parameters) = dex::parameters(&operation.path, turn) {
            return parameters;
        }
        let mut chosen = Vec::new();
        self.subject(operation, turn, &mut chosen);
        for param in operation.params.iter().filter(|param| param.required) {
            self.add(operation, &param.name, &mut chosen);
        }
        if turn > 0 {
            self.add(operation, CONVERTS[(turn - 1) % 2], &mut chosen);
        }
        if operation.param("time_start").is_some() {
            chosen.extend(values::window(self, &operation.path, turn));
        }
        self.rest(operation, turn, &mut chosen);
        self.rng.shuffle(&mut chosen);
        chosen
    }

    /// One of the group that must be there; else, on later turns, one that may be.
    fn subject(&mut self, operation: &Operation, turn: usize, chosen: &mut Parameters) {
        let group: Vec<&str> = operation.one_of.iter().map(|name| &**name).collect();
        let is_needed = NEEDY.contains(&&*operation.path);
        let names =
            if group.is_empty() && (turn > 0 || is_needed) { ABOUT.to_vec() } else { group };
        let mut found = Vec::new();
        for name in names.into_iter().filter(|name| operation.param(name).is_some()) {
            if let Some(value) = values::value(self, operation, name) {
                found.push((name.to_owned(), value));
            }
        }
        if !found.is_empty() {
            chosen.push(found.swap_remove(turn % found.len()));
        }
    }

    /// What is left: the page nearly always, other options now and then.
    fn rest(&mut self, operation: &Operation, turn: usize, chosen: &mut Parameters) {
        let mut has_bound = false;
        for param in &operation.params {
            let name = &*param.name;
            let is_known = [&ABOUT[..], &MATCHED, &CONVERTS, &WINDOW].concat().contains(&name);
            let is_bound = name.ends_with("_min") || name.ends_with("_max");
            let is_wanted = match name {
                "limit" => true,
                "time" | "address" | "token_address" | "last_score" => turn == 2,
                _ if is_bound => !has_bound && self.rng.u8(..8) == 0,
                _ => turn > 0 && self.rng.bool(),
            };
            if is_wanted && !is_known && !param.required {
                has_bound |= is_bound;
                self.add(operation, name, chosen);
            }
        }
        if turn == 1 && operation.param(MATCHED[0]).is_some() {
            let name = MATCHED[self.rng.usize(..2)];
            self.add(operation, name, chosen);
        }
    }

    fn add(&mut self, operation: &Operation, name: &str, chosen: &mut Parameters) {
        let is_there = |param: &Param| chosen.iter().any(|(given, _)| *given == *param.name);
        let Some(param) = operation.param(name).filter(|param| !is_there(param)) else { return };
        if let Some(value) = values::value(self, operation, &param.name) {
            chosen.push((name.to_owned(), value));
        }
    }
}
