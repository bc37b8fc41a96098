use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

fn dress(status: u16) -> Bytes {
    format!("dressed {status}").into()
}

async fn written(pieces: &[&[u8]]) -> String {
    let (near, mut far) = tokio::io::duplex(4_096);
    let mut near = Dressed::new(near, dress);
    for piece in pieces {
        near.write_all(piece).await.unwrap();
    }
    near.shutdown().await.unwrap();
    let mut text = String::new();
    far.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_bare_refusal_is_dressed() {
    // Clients read `status` from every error.
    let bare = b"HTTP/1.1 414 URI Too Long\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(written(&[bare]).await, "dressed 414");
    let bare = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(written(&[bare]).await, "dressed 400");
}

#[tokio::test]
async fn everything_else_passes_unchanged() {
    // A success, an error with a body, and the body's own bytes are ours.
    for text in [
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\nhello",
        "HTTP/1.1 4",
        "{\"a\": 1}",
    ] {
        assert_eq!(written(&[text.as_bytes()]).await, text);
    }
}

#[tokio::test]
async fn a_dressed_refusal_goes_out_even_if_nobody_flushes() {
    // After a refusal the HTTP library drops the connection as it is.
    let (near, mut far) = tokio::io::duplex(4_096);
    let mut near = Dressed::new(near, dress);
    near.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    drop(near);
    let mut text = String::new();
    far.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "dressed 400");
}
