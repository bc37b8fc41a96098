//! The dashboard in a terminal: what a gateway says of itself, asked again and again.
//!
//! `look` asks, `view` keeps what was said and turns it into words and curves (pure), `draw` puts
//! them on the screen (pure but for the screen), `screen` owns the terminal while it lasts.

mod draw;
mod look;
mod screen;
mod view;

pub(crate) use look::{Heard, Looked, follow, look};
pub(crate) use screen::{Key, Screen, keys};
pub(crate) use view::View;
