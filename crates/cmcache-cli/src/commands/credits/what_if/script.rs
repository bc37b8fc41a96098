//! From the record to what is asked when.

use std::{path::PathBuf, sync::Arc, time::Duration};

use cmcache::{
    clock::Timestamp,
    demand::{Minute, Minutes},
};

use crate::failure::Failure;

const MINUTE_MS: u64 = 60_000;
/// Cues that are played under one plan. A larger record is played with fewer cues for the
/// questions that are asked most, each standing for several requests.
const CUES_MAX: u64 = 3_000_000;
/// The numbers of cues for one question in one minute that are tried: powers of two.
const STEPS: usize = 13;

/// What of a record is played.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) folder: PathBuf,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Span {
    /// Its minutes, oldest first.
    pub(super) fn minutes(&self) -> Result<Minutes, Failure> {
        let minutes = Minutes::read(&self.folder, self.from, self.until);
        minutes.map_err(|error| Failure::unavailable(error.to_string()))
    }
}

/// How much a record holds, and how finely it is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) n_requests: u64,
    /// Requests that the record counts but does not name.
    pub(super) n_omitted: u64,
    /// Lines that could not be read.
    pub(super) n_damaged: u64,
    /// Most cues for one question in one minute.
    pub(super) cues_a_minute: u64,
    /// The first minute, and the end of the last.
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
}

impl Extent {
    /// Reads the record once.
    pub(super) fn of(span: &Span) -> Result<Self, Failure> {
        let mut minutes = span.minutes()?;
        let mut extent = Self {
            n_requests: 0,
            n_omitted: 0,
            n_damaged: 0,
            cues_a_minute: u64::MAX,
            first: span.until,
            last: span.from,
        };
        let mut n_cues = [0_u64; STEPS];
        for minute in minutes.by_ref() {
            let minute = minute.map_err(|error| Failure::unavailable(error.to_string()))?;
            extent.n_omitted += minute.omitted;
            extent.first = extent.first.min(minute.at);
            extent.last = extent.last.max(minute.at.after(Duration::from_millis(MINUTE_MS)));
            for (_, n) in &minute.asked {
                extent.n_requests += n;
                for (step, sum) in n_cues.iter_mut().enumerate() {
                    *sum += (*n).min(1 << step);
                }
            }
        }
        extent.n_damaged = minutes.n_damaged();
        if extent.n_requests > CUES_MAX {
            let step = n_cues.iter().rposition(|sum| *sum <= CUES_MAX).unwrap_or(0);
            extent.cues_a_minute = 1 << step;
        }
        Ok(extent)
    }
}

/// A question at an instant, in the name of so many requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) at: Timestamp,
    pub(super) question: Arc<str>,
    pub(super) n_requests: u64,
}

/// The requests of a minute, spread evenly over it, each question from a moment of its own on: the
/// record does not know the seconds.
pub(super) fn cues(minute: &Minute, cues_a_minute: u64) -> Vec<Cue> {
    let mut cues = Vec::new();
    for (question, n) in &minute.asked {
        let n_cues = (*n).min(cues_a_minute).max(1);
        let begins = moment(question);
        for cue in 0..n_cues {
            let after =
                (u128::from(cue) * u128::from(MINUTE_MS) + u128::from(begins)) / u128::from(n_cues);
            let after = u64::try_from(after).unwrap_or(0).min(MINUTE_MS - 1);
            cues.push(Cue {
                at: minute.at.after(Duration::from_millis(after)),
                question: Arc::clone(question),
                n_requests: n / n_cues + u64::from(cue < n % n_cues),
            });
        }
    }
    cues.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.question.cmp(&b.question)));
    cues
}

/// A place within a minute that is always the same for a question (FNV-1a).
fn moment(question: &str) -> u64 {
    let hash = question.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash % MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(asked: &[(&str, u64)]) -> Minute {
        let at = Timestamp::from_millis(1_791_201_600_000);
        let asked = asked.iter().map(|(text, n)| (Arc::from(*text), *n)).collect();
        Minute { at, asked, omitted: 0 }
    }

    #[test]
    fn every_request_is_in_one_cue_and_every_cue_in_its_minute() {
        // A what-if that asks more or less than was asked prices another demand.
        let minute = minute(&[("/v1/a?", 7), ("/v1/b?", 1), ("/v1/c?", 100_000)]);
        for most in [1, 2, 4, 64, u64::MAX] {
            let cues = cues(&minute, most);
            for (question, n) in &minute.asked {
                let own: Vec<&Cue> = cues.iter().filter(|cue| cue.question == *question).collect();
                assert_eq!(own.iter().map(|cue| cue.n_requests).sum::<u64>(), *n);
                assert_eq!(own.len() as u64, (*n).min(most));
            }
            let end = minute.at.after(Duration::from_millis(MINUTE_MS));
            assert!(cues.iter().all(|cue| (minute.at..end).contains(&cue.at)));
            assert!(cues.is_sorted_by_key(|cue| cue.at));
        }
    }

    #[test]
    fn what_is_asked_often_is_asked_all_the_time() {
        // All at once would be one miss and many hits, whatever the life of an entry.
        let cues = cues(&minute(&[("/v1/a?", 60)]), u64::MAX);
        let gaps = cues.windows(2).map(|pair| pair[1].at.since(pair[0].at).as_millis());
        assert!(gaps.clone().all(|gap| gap == 1_000), "{:?}", gaps.collect::<Vec<_>>());
    }
}
