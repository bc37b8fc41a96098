//! What a person sees while a read takes long. On a terminal only.

use std::{pin::pin, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// What is shorter needs no sign of life.
const PATIENCE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);

/// Whether to show how it goes, and how far it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) is_shown: bool,
}

impl Progress {
    /// Waits for `work`; a spinner turns if that takes long.
    pub(crate) async fn wait<T>(self, words: &'static str, work: impl Future<Output = T>) -> T {
        if !self.is_shown {
            return work.await;
        }
        let mut work = pin!(work);
        if let Ok(done) = tokio::time::timeout(PATIENCE, &mut work).await {
            return done;
        }
        let spinner = ProgressBar::new_spinner().with_message(words);
        spinner.enable_steady_tick(TICK);
        let done = work.await;
        spinner.finish_and_clear();
        done
    }

    /// A bar for pages, which nobody sees where nothing is to be shown.
    pub(crate) fn pages(self) -> ProgressBar {
        if !self.is_shown {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("reading  {wide_bar} {pos}/{len}");
        ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}
