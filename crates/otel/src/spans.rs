//! Spans of `tracing` as spans of OpenTelemetry.

use std::{fmt, mem};

use opentelemetry::{
    Context,
    trace::{Link, SpanBuilder, TraceContextExt, Tracer, TracerProvider},
};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::{
    Event, Metadata, Subscriber,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{
    layer::{self, Filter, Layer},
    registry::{LookupSpan, SpanRef},
};

use crate::{limits, span::Said};

/// The target of what is exported. No module has that name: filters of the log do not meet it.
pub const TARGET: &str = "traced";

/// A layer that exports the spans of [`TARGET`] and nothing else.
///
/// Not `tracing-opentelemetry`: there a parent stays open as long as its children, so that a
/// request would last as long as the flight that it began; and parents and links are set through
/// OpenTelemetry's own types, which rooms that only say `tracing` do not have.
#[derive(Clone)]
pub struct Spans {
    tracer: SdkTracer,
}

/// What is kept with a span.
pub(crate) enum State {
    /// Not begun: whom it follows is still being told.
    Told(Box<(SpanBuilder, Vec<Context>)>),
    /// Begun: the context of its children.
    Begun(Context),
}

impl Spans {
    pub(crate) fn of(traces: &SdkTracerProvider) -> Self {
        Self { tracer: traces.tracer("cmcache") }
    }

    /// Begins and ends spans that nobody gets; for examples.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::of(&SdkTracerProvider::builder().build())
    }

    /// As the one layer of a subscriber that has others: only what is exported passes.
    #[must_use]
    pub fn filtered<S>(self) -> impl Layer<S> + Send + Sync + 'static
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        self.with_filter(Traced)
    }

    /// The context of a span that is open; it begins if it has not.
    fn context<'a, S: LookupSpan<'a>>(&self, span: &SpanRef<'a, S>) -> Option<Context> {
        let mut kept = span.extensions_mut();
        let state = kept.get_mut::<State>()?;
        Some(self.begun(state).clone())
    }

    fn begun<'a>(&self, state: &'a mut State) -> &'a Context {
        if let State::Told(told) = state {
            let (mut builder, mut callers) = mem::take(&mut **told);
            let parent = callers.iter().position(is_sampled).unwrap_or(0);
            let parent = if callers.is_empty() { Context::new() } else { callers.remove(parent) };
            builder.links = Some(callers.iter().map(link).collect());
            let span = self.tracer.build_with_context(builder, &parent);
            *state = State::Begun(parent.with_span(span));
        }
        match state {
            State::Begun(context) => context,
            State::Told(_) => unreachable!("it has just begun"),
        }
    }
}

fn is_sampled(context: &Context) -> bool {
    context.span().span_context().is_sampled()
}

fn link(context: &Context) -> Link {
    Link::with_context(context.span().span_context().clone())
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, all: layer::Context<'_, S>) {
        let Some(span) = all.span(id) else { return };
        let mut said = Said::default();
        attributes.record(&mut said);
        let caller = said.caller();
        let mut builder = SpanBuilder::from_name(span.name());
        builder.span_kind = said.kind;
        builder.attributes = Some(said.attributes);
        let parent = span.parent().and_then(|parent| self.context(&parent));
        let is_settled = parent.is_some() || caller.is_some();
        let callers = parent.or(caller).into_iter().collect();
        let mut state = State::Told(Box::new((builder, callers)));
        if is_settled {
            self.begun(&mut state);
        }
        span.extensions_mut().insert(state);
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, all: layer::Context<'_, S>) {
        // Who has left already is not linked: its span is sent.
        let (Some(span), Some(followed)) = (all.span(id), all.span(follows)) else { return };
        let Some(followed) = self.context(&followed) else { return };
        match span.extensions_mut().get_mut::<State>() {
            Some(State::Begun(context)) => {
                context.span().add_link(followed.span().span_context().clone(), Vec::new());
            }
            Some(State::Told(told)) if told.1.len() <= limits::LINKS_MAX as usize => {
                told.1.push(followed);
            }
            Some(State::Told(_)) | None => {}
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, all: layer::Context<'_, S>) {
        let Some(span) = all.span(id) else { return };
        let mut said = Said::default();
        values.record(&mut said);
        let mut kept = span.extensions_mut();
        match kept.get_mut::<State>() {
            // To say more of it is no beginning, unless it has failed already.
            Some(State::Told(told)) if said.status.is_none() => {
                told.0.attributes.get_or_insert_default().extend(said.attributes);
            }
            Some(state) => {
                let context = self.begun(state);
                context.span().set_attributes(said.attributes);
                said.status.into_iter().for_each(|status| context.span().set_status(status));
            }
            None => {}
        }
    }

    fn on_enter(&self, id: &Id, all: layer::Context<'_, S>) {
        let Some(span) = all.span(id) else { return };
        if let Some(state) = span.extensions_mut().get_mut::<State>() {
            self.begun(state);
        }
    }

    fn on_close(&self, id: Id, all: layer::Context<'_, S>) {
        let Some(span) = all.span(&id) else { return };
        let Some(mut state) = span.extensions_mut().remove::<State>() else { return };
        self.begun(&mut state).span().end();
    }
}

/// Spans of [`TARGET`], no events.
struct Traced;

impl Traced {
    fn is_meant(meta: &Metadata<'_>) -> bool {
        meta.is_span() && meta.target() == TARGET
    }
}

impl<S> Filter<S> for Traced {
    fn enabled(&self, meta: &Metadata<'_>, _: &layer::Context<'_, S>) -> bool {
        Self::is_meant(meta)
    }

    fn callsite_enabled(&self, meta: &'static Metadata<'static>) -> Interest {
        if Self::is_meant(meta) { Interest::always() } else { Interest::never() }
    }

    fn event_enabled(&self, _: &Event<'_>, _: &layer::Context<'_, S>) -> bool {
        false
    }
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spans")
    }
}

#[cfg(test)]
mod tests;
