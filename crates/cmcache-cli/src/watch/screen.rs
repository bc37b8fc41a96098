//! The terminal while it is ours: taken, drawn on, and given back whatever happens.

use std::{io, time::Duration};

use ratatui::{
    DefaultTerminal,
    crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read},
    style::Color,
};

use tokio::sync::mpsc;

use super::{View, draw::draw};
use crate::print;

/// How soon the thread notices that nobody listens to it any more.
const KEY_PATIENCE: Duration = Duration::from_millis(200);
/// Keys that wait for the screen.
const KEYS_WAITING_MAX: usize = 16;

/// What a person pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// To end.
    Quit,
    /// To hold what is shown, or go on.
    Pause,
    /// The window has another size.
    Resized,
}

/// The terminal, given back when this is dropped; also where a panic ends the program.
#[derive(Debug)]
pub(crate) struct Screen(DefaultTerminal);

impl Screen {
    /// Takes the terminal.
    pub(crate) fn take() -> io::Result<Self> {
        ratatui::try_init().map(Self)
    }

    pub(crate) fn show(&mut self, view: &View) -> io::Result<()> {
        let is_coloured = print::is_coloured();
        let shown = self.0.draw(|frame| {
            draw(frame, view);
            if !is_coloured {
                // The words say it all; what is bold stays bold.
                for cell in &mut frame.buffer_mut().content {
                    cell.set_fg(Color::Reset).set_bg(Color::Reset);
                }
            }
        });
        shown.map(drop)
    }
}

/// The keys that are pressed, read on a thread of its own: nothing else waits for a person.
pub(crate) fn keys() -> mpsc::Receiver<Key> {
    let (tell, pressed) = mpsc::channel(KEYS_WAITING_MAX);
    std::thread::spawn(move || {
        while !tell.is_closed() {
            match next_key() {
                Ok(None) => {}
                Ok(Some(key)) => drop(tell.blocking_send(key)),
                // A terminal that went away presses no more keys.
                Err(_) => return,
            }
        }
    });
    pressed
}

fn next_key() -> io::Result<Option<Key>> {
    if !poll(KEY_PATIENCE)? {
        return Ok(None);
    }
    Ok(match read()? {
        Event::Resize(..) => Some(Key::Resized),
        Event::Key(key) if key.kind == KeyEventKind::Press => match key.code {
            KeyCode::Char('q') | KeyCode::Esc => Some(Key::Quit),
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Quit),
            KeyCode::Char('p') => Some(Key::Pause),
            _ => None,
        },
        _ => None,
    })
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}
