//! One call and what it came to, with the time that it took.

use std::time::Duration;

use cmc_api::{Charge, Reply, Timing, UpstreamError, UpstreamErrorKind};
use credits::{Credits, Reservation, Settled};
use tracing::{Instrument, Span, field, trace_span};

use super::Crew;
use crate::{
    flight::{self, Passengers},
    pack::Load,
    spent::Phase,
    trail::TRACED,
};

/// Makes the call, and notes where its time went.
pub(super) async fn call(
    crew: &Crew,
    load: &Load,
    aboard: &mut Passengers,
) -> Result<Reply, UpstreamError> {
    let span = trace_span!(
        target: TRACED,
        "fetch",
        operation = field::Empty,
        price = load.price.get(),
        charged = field::Empty,
        attempts = field::Empty,
        failed = field::Empty,
    );
    let began = flight::instant();
    let answered = crew.upstream.call(&load.call).instrument(span.clone()).await;
    let took = began.elapsed();
    match &answered {
        Ok(reply) => took_as(aboard, took, &reply.timing),
        // Decided here: nothing was sent, so nobody was waited for but ourselves.
        Err(error) if error.attempts == 0 => aboard.note(Phase::Queue, took),
        // Of several attempts nobody knows what the earlier ones waited for.
        Err(error) if error.attempts == 1 && error.kind == UpstreamErrorKind::Connect => {
            aboard.note(Phase::Connect, took);
        }
        Err(_) => aboard.note(Phase::Wait, took),
    }
    if !span.is_disabled() {
        tell(&span, load, &answered);
    }
    answered
}

/// What the call itself does not account for are earlier attempts, and the pauses after them.
fn took_as(aboard: &mut Passengers, took: Duration, timing: &Timing) {
    aboard.note(Phase::Wait, took.saturating_sub(timing.total()));
    aboard.note(Phase::Queue, timing.queue);
    aboard.note(Phase::Connect, timing.connect);
    aboard.note(Phase::Wait, timing.wait);
    aboard.note(Phase::Body, timing.body);
    aboard.note(Phase::Decode, timing.decode);
}

/// How the call ended, for its span. Names come from closed sets, nothing that anybody wrote.
fn tell(span: &Span, load: &Load, answered: &Result<Reply, UpstreamError>) {
    span.record("operation", &*cmc_api::metrics::operation_of(&load.call));
    let (attempts, charge) = match answered {
        Ok(reply) => (reply.timing.attempts, reply.charge),
        Err(error) => {
            span.record("failed", error.kind.name());
            (error.attempts, error.charge)
        }
    };
    span.record("attempts", attempts);
    if let Charge::Exactly(charged) = charge {
        span.record("charged", charged.get());
    }
}

/// Ends a reservation with what is known of the charge; what is unknown counts as spent.
pub(super) async fn settle(
    reservation: Reservation,
    charge: Charge,
    how: Settled,
    (price, aboard): (Credits, &mut Passengers),
) -> Credits {
    let began = flight::instant();
    let settled = async {
        match charge {
            Charge::Exactly(charged) => {
                reservation.settle(charged, how).await;
                charged
            }
            Charge::Nothing => {
                reservation.release(how).await;
                Credits::ZERO
            }
            Charge::Unknown => {
                reservation.assume(how).await;
                price
            }
        }
    };
    let settled = settled.instrument(trace_span!(target: TRACED, "settle")).await;
    aboard.note(Phase::Store, began.elapsed());
    settled
}
