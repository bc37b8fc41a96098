//! Rows of operations, turned into builders.
//!
//! A row is: documentation, the client's method, the builder's name, how it is called, what
//! `data` is read as, and the parameters, each with its setter, its wire name and its kind.

/// One operation, for the test that compares the rows with the catalogue.
#[cfg(test)]
#[derive(Debug)]
pub(super) struct Row {
    pub(super) method: crate::Method,
    pub(super) path: &'static str,
    pub(super) params: &'static [&'static str],
}

macro_rules! operations {
    ($(
        $(#[$meta:meta])*
        $call:ident $builder:ident $method:ident $path:literal -> $reply:ty $(, $extra:ident)?
        { $($setter:ident $wire:literal $kind:ident $(($word:ty))?;)* }
    )*) => {
        $(
            $(#[$meta])*
            #[doc = concat!("\n\n`", $path, "`")]
            #[derive(Clone, Debug)]
            #[must_use = "nothing is asked until it is sent"]
            pub struct $builder {
                pub(super) request: crate::client::request::Request,
            }

            impl $builder {
                $(crate::client::table::setter! { $setter $wire $kind $(($word))? })*

                /// Sets a parameter by its wire name, for those that no setter knows yet.
                pub fn param(mut self, name: &str, value: impl std::fmt::Display) -> Self {
                    self.request.set(name, value);
                    self
                }

                /// Makes the call. Dropping the future gives it up; what was already sent may
                /// have been charged.
                ///
                /// # Errors
                /// [`ClientError`](crate::ClientError): parameters that make no sense, a failed
                /// call, an unexpected answer.
                pub async fn send(
                    self,
                ) -> Result<crate::client::Typed<$reply>, crate::client::ClientError> {
                    self.request.send().await
                }

                $(crate::client::table::$extra! { $reply })?
            }

            impl crate::client::Client {
                $(#[$meta])*
                #[doc = concat!("\n\n`", $path, "`")]
                pub fn $call(&self) -> $builder {
                    let method = crate::Method::$method;
                    $builder {
                        request: crate::client::request::Request::new(self, method, $path),
                    }
                }
            }
        )*

        #[cfg(test)]
        pub(super) const ROWS: &[crate::client::table::Row] = &[$(
            crate::client::table::Row {
                method: crate::Method::$method,
                path: $path,
                params: crate::client::table::names!($($wire $kind)*),
            },
        )*];
    };
}

/// One setter of a builder.
macro_rules! setter {
    ($setter:ident $wire:literal ids) => {
        #[doc = concat!("Sets `", $wire, "`: a list of ids.")]
        pub fn $setter<I>(mut self, ids: I) -> Self
        where
            I: IntoIterator<Item: crate::client::words::Id>,
        {
            self.request.set_list($wire, ids.into_iter());
            self
        }
    };
    ($setter:ident $wire:literal id) => {
        #[doc = concat!("Sets `", $wire, "`.")]
        pub fn $setter(mut self, id: impl crate::client::words::Id) -> Self {
            self.request.set($wire, id);
            self
        }
    };
    ($setter:ident $wire:literal words) => {
        #[doc = concat!("Sets `", $wire, "`: a list.")]
        pub fn $setter<I>(mut self, words: I) -> Self
        where
            I: IntoIterator<Item: std::fmt::Display>,
        {
            self.request.set_list($wire, words.into_iter());
            self
        }
    };
    ($setter:ident $wire:literal text) => {
        #[doc = concat!("Sets `", $wire, "`.")]
        pub fn $setter(mut self, text: impl std::fmt::Display) -> Self {
            self.request.set($wire, text);
            self
        }
    };
    ($setter:ident $wire:literal time) => {
        #[doc = concat!(
                    "Sets `", $wire, "`: an RFC 3339 text, a [`clock::Timestamp`], or Unix seconds."
                )]
        pub fn $setter(mut self, at: impl std::fmt::Display) -> Self {
            self.request.set($wire, at);
            self
        }
    };
    ($setter:ident $wire:literal int) => {
        #[doc = concat!("Sets `", $wire, "`.")]
        pub fn $setter(mut self, number: u64) -> Self {
            self.request.set($wire, number);
            self
        }
    };
    ($setter:ident $wire:literal number) => {
        #[doc = concat!("Sets `", $wire, "`.")]
        pub fn $setter(mut self, number: impl Into<crate::Number>) -> Self {
            self.request.set($wire, number.into());
            self
        }
    };
    ($setter:ident $wire:literal flag) => {
        #[doc = concat!("Sets `", $wire, "`.")]
        pub fn $setter(mut self, whether: bool) -> Self {
            self.request.set($wire, whether);
            self
        }
    };
    ($setter:ident $wire:literal word($word:ty)) => {
        #[doc = concat!("Sets `", $wire, "`.")]
        pub fn $setter(mut self, word: $word) -> Self {
            self.request.set($wire, word);
            self
        }
    };
    ($setter:ident $wire:literal set($word:ty)) => {
        #[doc = concat!("Sets `", $wire, "`: any of these.")]
        pub fn $setter(mut self, words: impl IntoIterator<Item = $word>) -> Self {
            self.request.set_list($wire, words.into_iter());
            self
        }
    };
    ($setter:ident $wire:literal body) => {
        /// Sets the body: one of the [bodies](crate::client::tokens) or any JSON.
        pub fn $setter(mut self, body: &impl serde::Serialize) -> Self {
            self.request.set_body(body);
            self
        }
    };
}

/// The wire names of parameters; a body is none.
#[cfg(test)]
macro_rules! names {
    ($wire:literal body) => { &[] };
    ($($wire:literal $kind:ident)*) => { &[$($wire),*] };
}

/// A stream over all pages.
macro_rules! paged {
    ($reply:ty) => {
        /// All items, page by page: `size` at a time, from the first or from where `start`
        /// stands. Only one page is held in memory.
        ///
        /// Dropping the stream between two items loses nothing that was not asked for; dropping
        /// it while a page is on the way may lose what that page cost.
        pub fn pages(
            self,
            size: u64,
        ) -> crate::client::Stream<<$reply as crate::types::Items>::Item> {
            crate::client::pages::pages::<$reply>(self.request, size)
        }
    };
}

/// A stream over all pages of posts.
macro_rules! scored {
    ($reply:ty) => {
        /// All posts, page by page. Only one page is held in memory.
        pub fn pages(self) -> crate::client::Stream<crate::types::Post> {
            let cursor = |page: &$reply| page.last_score.as_ref().map(ToString::to_string);
            crate::client::pages::scrolled::<$reply>(self.request, "last_score", cursor)
        }
    };
}

/// A stream over all pages of pairs.
macro_rules! scrolled {
    ($reply:ty) => {
        /// All pairs, page by page. Only one page is held in memory.
        pub fn pages(self) -> crate::client::Stream<serde_json::Value> {
            let cursor = |page: &$reply| Some(page.last()?.get("scroll_id")?.as_str()?.to_owned());
            crate::client::pages::scrolled::<$reply>(self.request, "scroll_id", cursor)
        }
    };
}

#[cfg(test)]
pub(super) use names;
pub(super) use {operations, paged, scored, scrolled, setter};
