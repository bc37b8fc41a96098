use std::collections::BTreeMap;

use clock::{Clock, ManualClock};
use cmc_api::{Call, ScriptedUpstream, scripted};

use super::*;
use crate::{
    Config, Options,
    config::{Length, PaceMode},
};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
const PATIENCE: Duration = Duration::from_secs(20);

fn answer(call: &Call) -> scripted::Scripted {
    match call.path() {
        GLOBAL => Ok(scripted::reply(r#"{"btc_dominance":58.10}"#, 1)),
        other => Err(scripted::refusal(400, 400, other)),
    }
}

async fn start(upstream: &ScriptedUpstream) -> Cmcache {
    let mut config = Config::in_memory();
    config.freshness = BTreeMap::from([("global".to_owned(), Length::from_secs(1))]);
    config.upstream.keyless = true;
    let options = Options { upstream: Some(Arc::new(upstream.clone())), ..Options::default() };
    Cmcache::start(config, options).await.unwrap()
}

fn query(cmcache: &Cmcache) -> Arc<Query> {
    cmcache.parse("GET", GLOBAL, "", Bytes::new()).unwrap()
}

async fn heard(listener: &mut Listener) -> Option<News> {
    tokio::time::timeout(PATIENCE, listener.next()).await.expect("news within the patience")
}

fn n_calls(upstream: &ScriptedUpstream) -> usize {
    upstream.calls().iter().filter(|call| call.path() == GLOBAL).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_listeners_cost_one_refresh() {
    // Breaks: a page that is open in a hundred offices costs a hundred times as much.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = start(&upstream).await;
    let query = query(&cmcache);
    let mut listeners: Vec<Listener> =
        (0..100).map(|_| cmcache.listen("g", &query, &Terms::default()).unwrap()).collect();
    for listener in &mut listeners {
        let Some(News::Answer(told)) = heard(listener).await else { panic!("an answer") };
        assert_eq!(&told.data[..], br#"{"btc_dominance":58.10}"#);
        assert!(!told.is_stale);
    }
    assert_eq!((cmcache.n_topics(), n_calls(&upstream)), (1, 1));
    // Who comes later is told at once what is known.
    let mut late = cmcache.listen("g", &query, &Terms::default()).unwrap();
    assert!(matches!(heard(&mut late).await, Some(News::Answer(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn listeners_are_told_what_changes_and_nothing_twice() {
    // Breaks: listeners redraw for nothing, or never see a new price.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = start(&upstream).await;
    let query = query(&cmcache);
    let mut listener = cmcache.listen("g", &query, &Terms::default()).unwrap();
    heard(&mut listener).await;
    upstream.answer_by(|_| Ok(scripted::reply(r#"{"btc_dominance":59.00}"#, 1)));
    let Some(News::Answer(told)) = heard(&mut listener).await else { panic!("an answer") };
    assert_eq!(&told.data[..], br#"{"btc_dominance":59.00}"#);
    let calls = n_calls(&upstream);
    assert!((2..=3).contains(&calls), "{calls} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_ends_with_its_last_listener() {
    // Breaks: a page that was closed goes on costing credits for ever.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = start(&upstream).await;
    let query = query(&cmcache);
    let mut listener = cmcache.listen("g", &query, &Terms::default()).unwrap();
    heard(&mut listener).await;
    drop(listener);
    for _ in 0..400 {
        if cmcache.n_topics() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("somebody is still listening");
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_told_once_and_does_not_end_the_topic() {
    // Breaks: a listener waits for ever, or is flooded while upstream is away.
    let upstream = ScriptedUpstream::answering(|_| Err(scripted::refusal(400, 400, "not today")));
    let cmcache = start(&upstream).await;
    let query = query(&cmcache);
    let mut listener = cmcache.listen("g", &query, &Terms::default()).unwrap();
    assert!(matches!(heard(&mut listener).await, Some(News::Trouble(_))));
    // Nothing more until it is over.
    let more = tokio::time::timeout(Duration::from_millis(1_500), listener.next()).await;
    assert!(more.is_err(), "{more:?}");
    assert_eq!(cmcache.n_topics(), 1);
}

const QUOTES: &str = "/v3/cryptocurrency/quotes/latest";
const STEP: Duration = Duration::from_millis(100);
const LIFE: Duration = Duration::from_secs(1);

/// A market of two coins. A call brings those that it names.
fn market(call: &Call) -> scripted::Scripted {
    let asked = |id: u32| {
        let pairs = call.query().split('&').filter_map(|pair| pair.split_once('='));
        let mut ids = pairs.filter(|(name, _)| *name == "id").flat_map(|(_, ids)| ids.split(','));
        ids.any(|one| one == id.to_string())
    };
    let row = |id: u32| {
        format!(
            "{{\"id\":{id},\"rank\":{id},\"name\":\"C{id}\",\"symbol\":\"C{id}\",\
             \"slug\":\"c{id}\",\"is_active\":1,\"status\":\"active\"}}"
        )
    };
    let coin = |id: u32| {
        format!("{{\"id\":{id},\"quote\":[{{\"id\":2781,\"symbol\":\"USD\",\"price\":{id}.5}}]}}")
    };
    match call.path() {
        "/v1/cryptocurrency/map" => Ok(scripted::reply(&format!("[{},{}]", row(1), row(2)), 0)),
        QUOTES => {
            let coins: Vec<_> = [1, 2].into_iter().filter(|id| asked(*id)).map(coin).collect();
            Ok(scripted::reply(&format!("[{}]", coins.join(",")), 1))
        }
        other => Err(scripted::refusal(400, 400, other)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_who_ask_for_a_part_of_it_out_of_step_do_not_make_a_topic_dearer() {
    // Breaks: what two are told together costs two refreshes a life, because somebody else asks for
    // one of them at other moments.
    let upstream = ScriptedUpstream::answering(market);
    let clock = ManualClock::at(Timestamp::from_millis(1_700_000_000_000));
    let mut config = Config::in_memory();
    config.freshness = BTreeMap::from([("quotes".to_owned(), Length::from_secs(1))]);
    config.upstream.keyless = true;
    config.pace.mode = PaceMode::Off;
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let (clocked, asked) = (Some(shared), Some(Arc::new(upstream.clone()) as _));
    let options = Options { clock: clocked, upstream: asked, ..Options::default() };
    let cmcache = Cmcache::start(config, options).await.unwrap();
    let topic = cmcache.parse("GET", QUOTES, "id=1,2", Bytes::new()).unwrap();
    let (terms, mut last) = (Terms::default(), Last::default());
    // Half a life after somebody has bought one of them.
    let mut due = clock.now().after(LIFE / 2);
    for _ in 0..600 {
        cmcache.get("/v3/cryptocurrency/quotes/latest?id=1").await.unwrap();
        if clock.now() >= due {
            let asked = cmcache.inner().ask_topic(&topic, &terms, &last).await;
            if let Some(News::Answer(told)) = &asked.news {
                assert!(told.age < LIFE && !told.is_stale, "{told:?}");
            }
            (due, last) = (clock.now().after(asked.pause), asked.last);
        }
        clock.advance(STEP);
    }
    let calls = upstream.calls();
    let n_calls = calls.iter().filter(|call| call.path() == QUOTES).count();
    // A minute of lives, and the one that was out of step.
    assert!((60..=62).contains(&n_calls), "{n_calls} calls");
}

#[test]
fn there_are_only_so_many_topics() {
    // Breaks: a client that listens to ever new coins fills the memory.
    let topics = Topics::default();
    let all: Vec<_> = (0..TOPICS_MAX).map(|n| topics.join(&n.to_string()).unwrap()).collect();
    assert!(all.iter().all(|(_, is_first)| *is_first));
    assert!(topics.join("one more").is_none());
    assert!(topics.join("7").is_some_and(|(_, is_first)| !is_first), "but what is there is open");
    assert!(!topics.left("7"), "somebody still listens");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_rows_are_told_the_same_and_what_is_sent_is_made_once() {
    // Breaks: a thousand listeners cost a thousand renderings, or a row is forgotten.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = start(&upstream).await;
    let query = query(&cmcache);
    let mut listeners: Vec<Listener> =
        (0..3 * ROWS).map(|_| cmcache.listen("g", &query, &Terms::default()).unwrap()).collect();
    let mut frames = Vec::new();
    let mut n_made = 0;
    for listener in &mut listeners {
        let Some(News::Answer(told)) = heard(listener).await else { panic!("an answer") };
        frames.push(told.frame.or_made(|| {
            n_made += 1;
            told.data.clone()
        }));
    }
    assert_eq!((n_made, frames.len()), (1, 3 * ROWS));
    assert!(frames.iter().all(|frame| frame.as_ptr() == frames[0].as_ptr()));
    // When the last one of the last row leaves, so does the topic.
    let last = listeners.pop();
    drop(listeners);
    tokio::time::sleep(PAUSE_MIN * 2).await;
    assert_eq!(cmcache.n_topics(), 1);
    drop(last);
    for _ in 0..400 {
        if cmcache.n_topics() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("a topic that nobody listens to goes on");
}
