//! A server of one file, for tests of downloads: a thread of the test.
#![allow(dead_code, reason = "each test binary uses some of it")]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server does with one request; at the end of the list it does the last for ever.
#[derive(Clone)]
pub enum Act {
    /// Sends the file, or the range that was asked for.
    Serve,
    /// Announces all, sends so many bytes, closes.
    Cut(usize),
    /// Announces all, sends so many bytes, then nothing, without closing.
    Stall(usize),
    /// Sends the whole file, whatever was asked for.
    Whole,
    /// Sends this head, then these bytes, then closes.
    Say(String, Vec<u8>),
    /// Closes without an answer.
    Hang,
}

/// It answers until the test ends. Clones are the same one.
#[derive(Clone)]
pub struct Server {
    /// The address, without a file's name.
    pub base: String,
    state: Arc<Mutex<State>>,
}

struct State {
    file: Vec<u8>,
    tag: Option<String>,
    acts: VecDeque<Act>,
    requests: Vec<String>,
}

impl Server {
    /// Serves this file, whatever its name, in this state, as the acts say.
    pub fn start(file: impl AsRef<[u8]>, tag: Option<&str>, acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}/files", listener.local_addr().expect("an address"));
        let tag = tag.map(|tag| format!("\"{tag}\""));
        let state = State { file: file.as_ref().into(), tag, acts: acts.into_iter().collect(), requests: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        let serve = move || {
            // A stalled connection is kept open to the end of the test.
            let mut stalled = Vec::new();
            for stream in listener.incoming().map_while(|stream| stream.ok()) {
                stalled.extend(answer(stream, &shared));
            }
        };
        std::thread::Builder::new().name("test-server".into()).spawn(serve).expect("a thread");
        Self { base, state }
    }

    /// From now on another file, or another state of it.
    pub fn change(&self, file: impl AsRef<[u8]>, tag: &str, acts: impl IntoIterator<Item = Act>) {
        let mut state = self.state.lock().expect("no panic");
        (state.file, state.tag, state.acts) = (file.as_ref().into(), Some(format!("\"{tag}\"")), acts.into_iter().collect());
    }

    /// Everything that was asked, head by head.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().expect("no panic").requests.clone()
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) -> Option<TcpStream> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    while !request.ends_with("\r\n\r\n") {
        if reader.read_line(&mut request).ok()? == 0 {
            return None;
        }
    }
    let mut state = state.lock().expect("no panic");
    state.requests.push(request.clone());
    let act = if state.acts.len() > 1 { state.acts.pop_front() } else { state.acts.front().cloned() }.unwrap_or(Act::Serve);
    let header = |name: &str| {
        let find = |line: &str| line.to_lowercase().strip_prefix(&format!("{name}: ")).map(|_| line[name.len() + 2..].to_owned());
        request.lines().find_map(find)
    };
    let (file, size) = (state.file.clone(), state.file.len());
    let tag = state.tag.clone();
    drop(state);
    let tag_line = tag.as_ref().map(|tag| format!("ETag: {tag}\r\n")).unwrap_or_default();
    let same = header("if-range").is_none_or(|asked| Some(asked) == tag);
    let from = header("range").filter(|_| same).and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let whole = |send: usize| (format!("HTTP/1.1 200 OK\r\n{tag_line}Content-Length: {size}\r\n"), file[..send.min(size)].to_vec());
    let ranged = |send: usize| match from {
        None => whole(send),
        Some(from) if from < size => (
            format!(
                "HTTP/1.1 206 Partial Content\r\n{tag_line}Content-Length: {}\r\nContent-Range: bytes {from}-{}/{size}\r\n",
                size - from,
                size - 1
            ),
            file[from..(from + send).min(size)].to_vec(),
        ),
        Some(_) => (format!("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nContent-Range: bytes */{size}\r\n"), Vec::new()),
    };
    let (head, body) = match &act {
        Act::Serve => ranged(size),
        Act::Cut(bytes) | Act::Stall(bytes) => ranged(*bytes),
        Act::Whole => whole(size),
        Act::Say(head, body) => (head.clone(), body.clone()),
        Act::Hang => return None,
    };
    let sent = stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).and_then(|()| stream.write_all(&body));
    if matches!(act, Act::Stall(_)) {
        return Some(stream);
    }
    if sent.is_ok() && stream.shutdown(std::net::Shutdown::Write).is_ok() {
        // Until the other side has taken everything: closing earlier may throw bytes away.
        let _ = stream.read(&mut [0]);
    }
    None
}
