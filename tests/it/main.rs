//! The gateway as its users meet it: the real binary before the simulator, asked over HTTP.
//!
//! Each file answers one question; a name is a sentence that must be true.

mod accounts;
mod api;
mod backends;
mod bad_input;
mod budgets;
mod clients;
mod coalescing;
mod dashboard;
mod drain;
mod events;
mod instances;
mod listeners;
mod market;
mod metrics;
mod outage;
mod reading;
mod reports;
mod sdk;
mod secrets;
mod starting;
mod torture;
mod warming;
