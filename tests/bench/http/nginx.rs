//! nginx as a cache: one worker, kept connections, everything in one folder.

use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use harness::{Client, PATIENCE, Scratch, eventually_async, free_port, scratch};

/// A running nginx; it ends with this value.
#[derive(Debug)]
pub(crate) struct Nginx {
    master: Child,
    port: u16,
    _folder: Scratch,
}

impl Nginx {
    /// Starts it on `core` in front of `origin` (`host:port`).
    pub(crate) async fn before(origin: &str, core: usize) -> Result<Self> {
        let folder = scratch();
        let port = free_port();
        let root = folder.path().to_str().context("a temporary folder has a plain name")?;
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration(root, port, origin))?;
        let master = Command::new("taskset")
            .args(["-c", &core.to_string(), "nginx", "-p", root, "-c"])
            .arg(&file)
            .args(["-e", &format!("{root}/error.log")])
            .stdin(Stdio::null())
            .spawn()
            .context("start nginx (Debian: nginx-light)")?;
        let nginx = Self { master, port, _folder: folder };
        let client = Client::new(nginx.url(), None);
        eventually_async("nginx", PATIENCE, || async { client.try_get("/").await.ok() }).await;
        Ok(nginx)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The master's id; the worker is its child.
    pub(crate) fn pid(&self) -> u32 {
        self.master.id()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGTERM, because a killed master leaves its worker behind. It may have ended already.
        drop(Command::new("kill").args(["-TERM", &self.pid().to_string()]).status());
        drop(self.master.wait());
    }
}

/// Debian's own settings (sendfile, tcp_nopush), no log, and connections that are never closed.
fn configuration(root: &str, port: u16, origin: &str) -> String {
    format!(
        "daemon off;
user root;
worker_processes 1;
pid {root}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    large_client_header_buffers 4 16k;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    proxy_cache_path {root}/cache levels=1:2 keys_zone=answers:10m inactive=1h;
    upstream origin {{ server {origin}; keepalive 8; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_cache answers;
            proxy_cache_key $request_uri;
            proxy_cache_valid 200 1h;
            proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Expires;
        }}
    }}
}}
"
    )
}
