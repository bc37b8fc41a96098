//! Which parts of an immutable history are held: a set of intervals, and the gaps in it. Pure.

use std::ops::Range;

use crate::limits::COVER_SPANS_MAX;

/// A half-open interval of any integer axis: milliseconds, days, block numbers.
pub type Span = Range<i64>;

/// A set of integers, kept as its maximal intervals: sorted, disjoint, not touching, not empty.
///
/// ```
/// use cache_tiers::ranges::Cover;
///
/// let mut held = Cover::default();
/// held.add(10..20);
/// held.add(20..30);
/// held.add(50..60);
/// assert_eq!(held.spans(), [10..30, 50..60]);
/// assert_eq!(held.gaps(0..55), [0..10, 30..50]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover(Vec<Span>);

impl Cover {
    /// The union with `span`. An empty or reversed span adds nothing.
    ///
    /// Beyond [`COVER_SPANS_MAX`] intervals the shortest is forgotten: what it held is fetched
    /// again, which costs, but is never wrong.
    pub fn add(&mut self, span: Span) {
        if span.is_empty() {
            return;
        }
        let from = self.0.partition_point(|held| held.end < span.start);
        let to = self.0.partition_point(|held| held.start <= span.end);
        let mut union = span;
        if let [first, ..] = &self.0[from..to] {
            union.start = union.start.min(first.start);
        }
        if let [.., last] = &self.0[from..to] {
            union.end = union.end.max(last.end);
        }
        self.0.splice(from..to, [union]);
        if self.0.len() > COVER_SPANS_MAX {
            self.forget_shortest();
        }
    }

    /// The union with another set.
    pub fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|span| self.add(span.clone()));
    }

    /// Takes `span` out.
    pub fn subtract(&mut self, span: &Span) {
        if span.is_empty() {
            return;
        }
        let cut = |held: &Span| {
            let before = held.start..held.end.min(span.start);
            let after = held.start.max(span.end)..held.end;
            [before, after].into_iter().filter(|rest| !rest.is_empty())
        };
        self.0 = self.0.iter().flat_map(cut).collect();
    }

    /// The maximal intervals, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether all of `span` is held. An empty span always is.
    #[must_use]
    pub fn contains(&self, span: &Span) -> bool {
        span.is_empty()
            || self.0.iter().any(|held| held.start <= span.start && span.end <= held.end)
    }

    /// The maximal intervals of `span` that are not held, in order.
    #[must_use]
    pub fn gaps(&self, span: Span) -> Vec<Span> {
        let mut gaps = Vec::new();
        let mut from = span.start;
        for held in self.0.iter().filter(|held| held.end > span.start && held.start < span.end) {
            if held.start > from {
                gaps.push(from..held.start);
            }
            from = held.end;
        }
        if from < span.end {
            gaps.push(from..span.end);
        }
        gaps
    }

    fn forget_shortest(&mut self) {
        let shortest = (0..self.0.len()).min_by_key(|&index| {
            let span = &self.0[index];
            span.end.abs_diff(span.start)
        });
        if let Some(index) = shortest {
            self.0.remove(index);
        }
    }
}

#[cfg(test)]
mod tests;
