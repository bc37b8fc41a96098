//! At which hours of the week how much is asked: learned, an hour at a time. Pure.

use clock::Timestamp;

/// Hours of a week.
const HOURS: usize = 168;
/// How much of the latest hour goes into what is known of it from earlier weeks.
const WEIGHT: f32 = 0.3;

/// What was asked in each hour of the week, on the average of the last weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    hours: [f32; HOURS],
    /// The hour that goes on, counted from the epoch, and what was asked in it so far.
    present: Option<(i64, f32)>,
}

impl Default for Profile {
    fn default() -> Self {
        Self { hours: [0.0; HOURS], present: None }
    }
}

impl Profile {
    /// `n` things were asked for.
    pub fn add(&mut self, n: u32, now: Timestamp) {
        let hour = hour_of(now);
        #[expect(clippy::cast_precision_loss, reason = "a count of one question")]
        let n = n as f32;
        match &mut self.present {
            Some((present, count)) if *present == hour => *count += n,
            present => {
                let ended = present.replace((hour, n));
                if let Some((ended, count)) = ended.filter(|(ended, _)| *ended < hour) {
                    let known = &mut self.hours[slot_of(ended)];
                    *known =
                        if *known > 0.0 { (1.0 - WEIGHT) * *known + WEIGHT * count } else { count };
                }
            }
        }
    }

    /// How much is asked in the hour of `at`, compared with the mean of the hours that are known;
    /// one where nothing is known of it.
    #[must_use]
    pub fn busyness(&self, at: Timestamp) -> f64 {
        let known: Vec<f64> =
            self.hours.iter().copied().filter(|count| *count > 0.0).map(f64::from).collect();
        let hour = f64::from(self.hours[slot_of(hour_of(at))]);
        if known.is_empty() || hour <= 0.0 {
            return 1.0;
        }
        hour * known.len() as f64 / known.iter().sum::<f64>()
    }

    /// As text, hour by hour.
    #[must_use]
    pub fn write(&self) -> String {
        self.hours.map(|count| format!("{count:.0}")).join(",")
    }

    /// What [`Profile::write`] wrote; `None` if it is something else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut hours = [0.0; HOURS];
        let mut counts = text.split(',');
        for hour in &mut hours {
            *hour = counts.next()?.parse().ok().filter(|count: &f32| count.is_finite())?;
        }
        counts.next().is_none().then_some(Self { hours, present: None })
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(3_600_000)
}

fn slot_of(hour: i64) -> usize {
    usize::try_from(hour.rem_euclid(168)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
