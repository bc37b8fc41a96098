//! The tables of news, posts and what people talk about.

use super::spec::{Kind, Spec, ids, optional, required, slugs, start, symbols};

const LANGUAGES: Kind = Kind::Choice(&[
    "en", "zh", "zh-tw", "de", "id", "ja", "ko", "es", "th", "tr", "vi", "ru", "fr", "nl", "ar",
    "pt-br", "hi", "pl", "uk", "fil-rph", "it",
]);

pub(crate) const NEWS: Spec = Spec {
    params: &[
        start(),
        optional("limit", Kind::Integer(1.0, 200.0)),
        ids(),
        slugs(),
        symbols(),
        optional("news_type", Kind::Text),
        optional("content_type", Kind::Text),
        optional("category", Kind::Text),
        optional("language", LANGUAGES),
    ],
    one_of: &[],
};

pub(crate) const POSTS: Spec =
    Spec { params: &[ids(), slugs(), symbols(), optional("last_score", Kind::Text)], one_of: &[] };

pub(crate) const COMMENTS: Spec = Spec { params: &[required("post_id", Kind::Text)], one_of: &[] };

pub(crate) const TALK: Spec =
    Spec { params: &[optional("limit", Kind::Integer(1.0, 5.0))], one_of: &[] };
