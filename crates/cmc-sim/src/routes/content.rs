//! `content`: news and posts, one of each every few minutes, for ever.

use crate::json::Json;
use crate::market::Subject;
use crate::market::coin::Coin;
use crate::market::noise::{self, Dice};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::listings::{self, DEFAULT_LIMIT};
use crate::time::{self, HOUR, MINUTE, Millis};

const NEWS_EVERY: Millis = 20 * MINUTE;
const POSTS_EVERY: Millis = 7 * MINUTE;
/// So many of the latest news are kept.
const N_NEWS: i64 = 2_000;
/// So far back posts are searched, and so many come at once.
const N_POSTS: i64 = 4_000;
const PAGE: usize = 20;
const WORDS: [&str; 8] =
    ["surges", "slips", "consolidates", "upgrades", "partners", "launches", "rallies", "halts"];

/// v1: the latest first.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let wanted = wanted(ask)?;
    let newest = ask.now_ms.div_euclid(NEWS_EVERY);
    let given = |name: &str| ask.params.get(name).filter(|word| *word != "all");
    let (kind, content) = (given("news_type"), given("content_type"));
    let category = given("category");
    let language = ask.params.get("language").unwrap_or("en");
    let rows = (newest - N_NEWS..=newest).rev().map(|number| News::of(ask, number));
    let is_wanted = |news: &News<'_>| {
        kind.is_none_or(|kind| kind == "news")
            && content.is_none_or(|content| content == news.kind)
            && category.is_none_or(|word| news.coin.tags.iter().any(|tag| tag.slug == word))
            && wanted.as_ref().is_none_or(|wanted| wanted.contains(&news.coin.id))
    };
    let page = listings::page(ask, rows.filter(is_wanted).collect(), DEFAULT_LIMIT);
    Ok(Prepared::new(page.len(), move |json| {
        json.open_array();
        page.iter().for_each(|news| news.write(json, language));
        json.close_array();
    }))
}

/// The ids of the coins asked for; `None`: of all.
fn wanted(ask: &Ask<'_>) -> Result<Option<Vec<u32>>, Refusal> {
    if ["id", "slug", "symbol"].iter().all(|name| ask.params.get(name).is_none()) {
        return Ok(None);
    }
    let found = resolve::identify(ask, false).or_refuse(false)?;
    let subjects = found.into_iter().flat_map(|found| found.subjects);
    Ok(Some(subjects.map(|subject: Subject| ask.market.name_of(subject).0).collect()))
}

fn coin<'a>(ask: &'a Ask<'a>, dice: Dice) -> &'a Coin {
    let leaders = &ask.market.totals.leaders;
    let place = dice.below(1, leaders.len() as u64);
    &ask.market.coins[leaders[usize::try_from(place).unwrap_or(0)]]
}

struct News<'a> {
    at: Millis,
    dice: Dice,
    coin: &'a Coin,
    kind: &'static str,
}

impl<'a> News<'a> {
    fn of(ask: &'a Ask<'a>, number: i64) -> Self {
        let seed = noise::mix2(ask.market.seed, 0x11E5);
        let dice = Dice(noise::mix2(seed, number.unsigned_abs()));
        let kind = dice.pick(2, &["news", "news", "news", "video", "audio"]);
        Self { at: number * NEWS_EVERY, dice, coin: coin(ask, dice), kind }
    }

    fn write(&self, json: &mut Json, language: &str) {
        let (coin, number) = (self.coin, self.dice.0);
        json.open_object();
        json.text(
            "cover",
            &format!("https://s3.coinmarketcap.com/static-gravity/{number:016x}.jpg"),
        );
        json.key("assets");
        json.open_array();
        asset(json, coin, true);
        json.close_array();
        json.text("created_at", &time::iso(self.at));
        json.text("released_at", &time::iso(self.at + MINUTE));
        json.text("title", &format!("{} {}", coin.name, self.dice.pick(3, &WORDS)));
        json.text("subtitle", &format!("What happened to {} today.", coin.symbol));
        json.text("type", self.kind);
        json.text("source_name", "Example News");
        json.text("source_url", &format!("https://news.example/{number:016x}"));
        json.text("language", language);
        json.text("news_type", "news");
        json.close_object();
    }
}

fn asset(json: &mut Json, coin: &Coin, has_name: bool) {
    json.open_object();
    json.count("id", u64::from(coin.id));
    if has_name {
        json.text("name", &coin.name);
    }
    json.text("symbol", &coin.symbol);
    json.text("slug", &coin.slug);
    json.close_object();
}

/// v1: the latest first.
pub(crate) fn posts_latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let posts = posts(ask, |post| post.at)?;
    Ok(Prepared::new(posts.len(), move |json| list(json, &posts, |post| post.at)))
}

/// v1: the most liked first.
pub(crate) fn posts_top<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let posts = posts(ask, Post::score)?;
    Ok(Prepared::new(posts.len(), move |json| list(json, &posts, Post::score)))
}

/// A page of posts, the highest score first, after `last_score`.
fn posts<'a>(ask: &'a Ask<'a>, score: fn(&Post<'a>) -> i64) -> Result<Vec<Post<'a>>, Refusal> {
    let wanted = wanted(ask)?;
    let last = match ask.params.get("last_score") {
        Some(text) => text.parse().map_err(|_| Refusal::unresolved("last_score", &[text]))?,
        None => i64::MAX,
    };
    let newest = ask.now_ms.div_euclid(POSTS_EVERY);
    let all = (newest - N_POSTS..=newest).map(|number| Post::of(ask, number));
    let is_wanted =
        |post: &Post<'_>| wanted.as_ref().is_none_or(|wanted| wanted.contains(&post.coin.id));
    let mut posts: Vec<Post<'a>> =
        all.filter(is_wanted).filter(|post| score(post) < last).collect();
    posts.sort_by_key(|post| std::cmp::Reverse(score(post)));
    posts.truncate(PAGE);
    Ok(posts)
}

fn list<'a>(json: &mut Json, posts: &[Post<'a>], score: fn(&Post<'a>) -> i64) {
    json.open_object();
    json.key("list");
    json.open_array();
    posts.iter().for_each(|post| post.write(json));
    json.close_array();
    json.text("last_score", &posts.last().map_or(0, score).to_string());
    json.close_object();
}

/// v1: what was said to one post.
pub(crate) fn comments<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let id = ask.params.get("post_id").unwrap_or_default();
    let newest = ask.now_ms.div_euclid(POSTS_EVERY);
    let number = id.parse().ok().filter(|number| (0..=newest).contains(number));
    let number: i64 = number.ok_or_else(|| Refusal::unresolved("post_id", &[id]))?;
    let post = Post::of(ask, number);
    let comments: Vec<Post<'_>> = (0..post.n_comments.min(PAGE as u64))
        .map(|place| post.comment(place))
        .filter(|comment| comment.at <= ask.now_ms)
        .collect();
    Ok(Prepared::new(comments.len(), move |json| {
        json.open_array();
        comments.iter().for_each(|comment| comment.write(json));
        json.close_array();
    }))
}

struct Post<'a> {
    number: i64,
    at: Millis,
    dice: Dice,
    coin: &'a Coin,
    n_comments: u64,
    n_likes: u64,
}

impl<'a> Post<'a> {
    fn of(ask: &'a Ask<'a>, number: i64) -> Self {
        let seed = noise::mix2(ask.market.seed, 0x90057);
        let dice = Dice(noise::mix2(seed, number.unsigned_abs()));
        let (n_comments, n_likes) = (dice.below(3, 30), dice.below(4, 5_000));
        Self { number, at: number * POSTS_EVERY, dice, coin: coin(ask, dice), n_comments, n_likes }
    }

    fn comment(&self, place: u64) -> Self {
        let dice = Dice(noise::mix2(self.dice.0, 1_000 + place));
        let number = self.number * 1_000 + place.cast_signed();
        let at = self.at + (1 + place.cast_signed()) * HOUR / 4;
        Self { number, at, dice, coin: self.coin, n_comments: 0, n_likes: dice.below(4, 50) }
    }

    /// Likes first, then age, so that no two are equal.
    fn score(&self) -> i64 {
        self.n_likes.cast_signed() * 100_000_000 + self.number % 100_000_000
    }

    fn write(&self, json: &mut Json) {
        json.open_object();
        json.text("post_id", &self.number.to_string());
        json.key("owner");
        json.open_object();
        json.text("nickname", &format!("holder-{}", self.dice.below(5, 9_000)));
        json.text("avatar_url", "https://s3.coinmarketcap.com/static/img/avatar.png");
        json.close_object();
        let word = self.dice.pick(6, &WORDS);
        json.text("text_content", &format!("${} {word}. What now?", self.coin.symbol));
        json.texts("photos", []);
        json.text("comment_count", &self.n_comments.to_string());
        json.text("like_count", &self.n_likes.to_string());
        json.text("post_time", &self.at.to_string());
        json.key("currencies");
        json.open_array();
        asset(json, self.coin, false);
        json.close_array();
        json.text("language_code", "en");
        let url = "https://coinmarketcap.com/community/post";
        json.text("comments_url", &format!("{url}/{}", self.number));
        json.close_object();
    }
}
