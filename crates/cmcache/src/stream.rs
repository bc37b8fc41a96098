//! One refresh for any number of listeners.
//!
//! A *topic* is a query that somebody listens to. It asks the engine when what it has told is no
//! longer fresh, tells every listener what changed, and ends with its last listener. Topics buy
//! through the engine like everybody else: what another topic or a request refreshed costs nothing,
//! and every call that is paid for anyway brings along what a topic would have to buy next. So a
//! topic of several coins stays in step with whoever asks for some of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::Duration,
};

use bytes::Bytes;
use clock::{Stopwatch, Timestamp};
use cmc_api::Query;
use engine::{Answer, AnswerError, Terms};
use tokio::sync::watch;

use crate::cmcache::{Cmcache, Inner};

/// Queries that are listened to at once.
pub const TOPICS_MAX: usize = 4_096;
/// Groups in which the listeners of a topic are told: a thousand that wake in one moment would keep
/// everybody else waiting.
const ROWS: usize = 16;
/// How long after one group the next one is told.
const ROW_PAUSE: Duration = Duration::from_millis(2);
/// A topic asks at most this often, however short lives are.
const PAUSE_MIN: Duration = Duration::from_millis(250);
/// How soon a topic asks again when it got no answer; it doubles up to the longest.
const TROUBLE_PAUSE_MIN: Duration = Duration::from_secs(1);
/// The longest pause after repeated failures.
const TROUBLE_PAUSE_MAX: Duration = Duration::from_secs(60);

/// What a topic tells. Cheap to clone: all who listen are told the same.
#[derive(Clone, Debug)]
pub enum News {
    /// The answer has changed, or has grown stale.
    Answer(Arc<Told>),
    /// There is no answer, and why; the topic goes on trying.
    Trouble(Arc<AnswerError>),
}

/// An answer, as a topic tells it.
#[derive(Debug)]
pub struct Told {
    /// The raw JSON text of `data`.
    pub data: Bytes,
    /// The instant of the answer.
    pub at: Timestamp,
    /// The age of its oldest part, then.
    pub age: Duration,
    /// Whether part of it is older than it should be, because upstream cannot be asked.
    pub is_stale: bool,
    /// Changes whenever the data does.
    pub etag: u64,
    /// What the first who passed it on has made of it.
    pub frame: Frame,
}

/// What is sent to many: made once, by whoever sends it first.
#[derive(Debug, Default)]
pub struct Frame(OnceLock<Bytes>);

impl Frame {
    /// What `make` makes, the first time; the same bytes ever after.
    pub fn or_made(&self, make: impl FnOnce() -> Bytes) -> Bytes {
        self.0.get_or_init(make).clone()
    }
}

/// One who listens. Dropping it is all there is to leaving.
#[derive(Debug)]
pub struct Listener {
    news: watch::Receiver<Option<News>>,
    /// Nothing was told yet since this one came.
    is_new: bool,
}

impl Listener {
    /// The next news; what is known already comes at once. Whoever is slow misses news, never the
    /// latest. `None` when the gateway ends.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<News> {
        loop {
            if std::mem::take(&mut self.is_new)
                && let Some(news) = self.news.borrow_and_update().clone()
            {
                return Some(news);
            }
            self.news.changed().await.ok()?;
            self.is_new = true;
        }
    }
}

/// The topics, by what they are about and for whom.
#[derive(Debug, Default)]
pub(crate) struct Topics(Mutex<HashMap<String, Topic>>);

/// The listeners of one topic, in rows.
#[derive(Clone, Debug)]
struct Topic {
    rows: Vec<watch::Sender<Option<News>>>,
    /// Where the next one who comes takes a seat.
    next: usize,
}

impl Topic {
    fn new() -> Self {
        Self { rows: (0..ROWS).map(|_| watch::Sender::new(None)).collect(), next: 0 }
    }

    /// A seat in the next row.
    fn seat(&mut self) -> Listener {
        let row = &self.rows[self.next % ROWS];
        self.next = self.next.wrapping_add(1);
        Listener { news: row.subscribe(), is_new: true }
    }

    fn is_empty(&self) -> bool {
        self.rows.iter().all(watch::Sender::is_closed)
    }

    /// Tells one row after the other. Who comes meanwhile is told with the row.
    async fn tell(&self, news: &News) {
        for row in &self.rows {
            row.send_replace(Some(news.clone()));
            if !row.is_closed() {
                tokio::time::sleep(ROW_PAUSE).await;
            }
        }
    }

    /// Waits for the moment when nobody listens.
    async fn left(&self) {
        for row in &self.rows {
            row.closed().await;
        }
    }
}

impl Topics {
    /// A place at the topic `name`, and whether it has to be begun; `None`: there are too many.
    fn join(&self, name: &str) -> Option<(Listener, bool)> {
        let mut topics = self.lock();
        if let Some(topic) = topics.get_mut(name) {
            return Some((topic.seat(), false));
        }
        if topics.len() >= TOPICS_MAX {
            return None;
        }
        let mut topic = Topic::new();
        let listener = topic.seat();
        topics.insert(name.to_owned(), topic);
        Some((listener, true))
    }

    /// Ends the topic if nobody listens any more.
    fn left(&self, name: &str) -> bool {
        let mut topics = self.lock();
        let is_left = topics.get(name).is_none_or(Topic::is_empty);
        if is_left {
            topics.remove(name);
        }
        is_left
    }

    /// The topic, to tell those who listen, or to wait until nobody does.
    fn get(&self, name: &str) -> Option<Topic> {
        self.lock().get(name).cloned()
    }

    fn clear(&self) {
        self.lock().clear();
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Topic>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cmcache {
    /// Listens to the answer of `query`, asked under `terms`. All who listen under the same `name`
    /// share one topic, so that it must tell queries and whoever pays apart. `None`: more than
    /// [`TOPICS_MAX`] would be listened to.
    #[must_use]
    pub fn listen(&self, name: &str, query: &Arc<Query>, terms: &Terms) -> Option<Listener> {
        let (listener, is_first) = self.inner().topics.join(name)?;
        if is_first {
            self.begin_topic(name.to_owned(), Arc::clone(query), terms.clone());
        }
        Some(listener)
    }

    /// How many queries are listened to.
    #[must_use]
    pub fn n_topics(&self) -> usize {
        self.inner().topics.len()
    }
}

impl Inner {
    /// Ends all topics: their listeners are told that nothing more comes.
    pub(crate) fn end_topics(&self) {
        self.topics.clear();
    }

    /// Asks once, and says what to tell of it, and how long to wait.
    pub(crate) async fn ask_topic(&self, query: &Arc<Query>, terms: &Terms, last: &Last) -> Asked {
        let clock = Stopwatch::start();
        let answered = self.engine.answer(query, terms).await;
        next(self.counted(query, answered, terms, &clock), last)
    }
}

/// What a topic told last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Last {
    told: Option<(u64, bool)>,
    n_failures: u32,
}

/// What to tell now, how long to wait, and what was told last by then.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) news: Option<News>,
    pub(crate) pause: Duration,
    pub(crate) last: Last,
}

/// Pure: the same answer is not told twice, and neither is the same trouble.
fn next(answered: Result<Answer, AnswerError>, last: &Last) -> Asked {
    match answered {
        Ok(answer) => {
            let is_stale = !answer.stale_for.is_zero();
            let seen = (answer.etag, is_stale);
            let told = Told {
                data: answer.data,
                at: answer.at,
                age: answer.age,
                is_stale,
                etag: answer.etag,
                frame: Frame::default(),
            };
            // What is stale is asked for again soon: the trouble may be over.
            let pause = if is_stale { TROUBLE_PAUSE_MIN * 5 } else { answer.fresh_for };
            Asked {
                news: (last.told != Some(seen)).then_some(News::Answer(Arc::new(told))),
                pause: pause.max(PAUSE_MIN),
                last: Last { told: Some(seen), n_failures: 0 },
            }
        }
        Err(error) => {
            let doubled = TROUBLE_PAUSE_MIN * 2_u32.saturating_pow(last.n_failures.min(10));
            let is_first = last.n_failures == 0;
            Asked {
                news: is_first.then(|| News::Trouble(Arc::new(error))),
                pause: doubled.min(TROUBLE_PAUSE_MAX),
                last: Last { told: None, n_failures: last.n_failures + 1 },
            }
        }
    }
}

/// The life of a topic. Holds the whole only weakly, and nothing while it waits.
pub(crate) async fn follow(inner: Weak<Inner>, name: String, query: Arc<Query>, terms: Terms) {
    let mut last = Last::default();
    loop {
        let Some(strong) = inner.upgrade() else { return };
        let asked = strong.ask_topic(&query, &terms, &last).await;
        last = asked.last;
        let topic = strong.topics.get(&name);
        drop(strong);
        let Some(topic) = topic else { return };
        if let Some(news) = &asked.news {
            topic.tell(news).await;
        }
        let is_over = tokio::time::timeout(asked.pause, topic.left()).await.is_ok();
        drop(topic);
        let Some(strong) = inner.upgrade() else { return };
        if is_over && strong.topics.left(&name) {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
