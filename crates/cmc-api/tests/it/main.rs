//! The typed client, from outside: against the reference's examples and against the simulator.
#![expect(clippy::unwrap_used, reason = "tests")]

mod compare;
mod examples;
mod simulated;
mod streams;
