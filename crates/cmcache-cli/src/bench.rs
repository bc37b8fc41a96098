//! What a demand costs: through the cache itself on a stage, through models of other schemes, and
//! at least. The model is explained in `docs/credits.md`.

mod bound;
mod coins;
mod demand;
mod installed;
mod models;
mod oracle;
mod play;
mod plot;
mod price;
mod recorded;
mod report;
mod request;
mod scene;
mod summary;

pub(crate) use demand::Terms;
pub(crate) use installed::through;
pub(crate) use plot::svg;
pub(crate) use report::report;
pub(crate) use scene::{Scene, Source, Stock};
pub(crate) use summary::Summary;
