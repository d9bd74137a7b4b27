//! A download ends with the whole file or says why not, whatever the server does. The server is a thread of the test.

mod data_common;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use data_common::{lines, put};
use denoodle::data::{Cache, Fetching, Folders, Patience, fetch, fetch_with};
use denoodle::util::{Cancel, Kind, Reason, Result};
use server::{Act, Server};

struct Client {
    folder: tempfile::TempDir,
    folders: Folders,
    told: Vec<(u64, Option<u64>)>,
    stall: Duration,
}

impl Client {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = Folders { drawings: folder.path().join("drawings"), subset: folder.path().join("subset") };
        Self { folder, folders, told: Vec::new(), stall: Duration::from_secs(60) }
    }

    fn fetch(&mut self, server: &Server, category: &str) -> Result<Vec<PathBuf>> {
        let patience = Patience { stall: self.stall, attempts: 3, pause: Duration::from_millis(1) };
        let told = &mut self.told;
        let mut progress = |now: Fetching<'_>| told.push((now.done, now.total));
        fetch_with(&[category.into()], Some(&server.base), &self.folders, &Cache::none(), patience, &Cancel::default(), &mut progress)
    }

    fn file(&self, category: &str) -> Option<String> {
        std::fs::read_to_string(self.folders.drawings.join(format!("{category}.ndjson"))).ok()
    }

    fn litter(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.folders.drawings) else { return Vec::new() };
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names.filter(|name| !name.ends_with(".ndjson")).collect()
    }
}

/// A few hundred kilobytes.
fn text() -> String {
    lines("cat", 3000)
}

#[test]
fn a_plain_download_is_whole_and_gets_a_split() {
    let server = Server::start(text(), Some("a"), [Act::Serve]);
    let mut client = Client::new();
    let files = client.fetch(&server, "The Eiffel Tower").expect("served");
    assert_eq!(files, [client.folders.drawings.join("The Eiffel Tower.ndjson")]);
    assert!(client.file("The Eiffel Tower") == Some(text()) && client.litter().is_empty());
    assert!(server.requests()[0].starts_with("GET /files/The%20Eiffel%20Tower.ndjson HTTP/1.1"), "{}", server.requests()[0]);
    let size = text().len() as u64;
    assert!(client.told.windows(2).all(|w| w[0].0 <= w[1].0) && client.told.last() == Some(&(size, Some(size))));
    let split = denoodle::data::split::read(&client.folders, "The Eiffel Tower").expect("made");
    assert_eq!((split.train.len(), split.test.len()), (2500, 500));
    // It is here: the server is not asked again.
    client.fetch(&server, "The Eiffel Tower").expect("here");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_cut_connection_goes_on_where_it_was() {
    let server = Server::start(text(), Some("a"), [Act::Cut(50_000), Act::Hang, Act::Cut(70_001), Act::Serve]);
    let mut client = Client::new();
    client.fetch(&server, "cat").expect("in pieces");
    assert!(client.file("cat") == Some(text()) && client.litter().is_empty());
    let asked: Vec<_> = server.requests().iter().map(|r| r.lines().find(|l| l.starts_with("range")).map(str::to_owned)).collect();
    let range = |from: u32| Some(format!("range: bytes={from}-"));
    assert_eq!(asked, [None, range(50_000), range(50_000), range(120_001)]);
    assert!(server.requests()[1].contains("if-range: \"a\""));
}

#[test]
fn a_stalled_connection_is_given_up_and_resumed() {
    let server = Server::start(text(), Some("a"), [Act::Stall(0), Act::Stall(99_999), Act::Serve]);
    let mut client = Client::new();
    client.stall = Duration::from_millis(400);
    client.fetch(&server, "cat").expect("in pieces");
    assert!(client.file("cat") == Some(text()));
}

#[test]
fn a_later_run_resumes_but_never_glues_halves_of_different_files() {
    let server = Server::start(text(), Some("a"), [Act::Cut(60_000), Act::Cut(0)]);
    let mut client = Client::new();
    let error = client.fetch(&server, "cat").expect_err("it never comes").to_string();
    assert!(error.contains("cat.ndjson") && error.contains("goes on where it broke off"), "{error}");
    assert_eq!((client.file("cat"), client.litter().len()), (None, 2));
    // The same file: the rest is enough.
    server.change(text(), "a", [Act::Serve]);
    client.fetch(&server, "cat").expect("the rest");
    assert!(client.file("cat") == Some(text()));
    assert!(server.requests().last().is_some_and(|r| r.contains("range: bytes=60000-")));
    // Another one: everything is fetched anew.
    let mut client = Client::new();
    server.change(text(), "a", [Act::Cut(60_000), Act::Cut(0)]);
    client.fetch(&server, "cat").expect_err("it never comes");
    let changed = lines("dog", 2500);
    server.change(&changed, "b", [Act::Serve]);
    client.fetch(&server, "cat").expect("the new one");
    assert!(client.file("cat") == Some(changed) && client.litter().is_empty());
}

#[test]
fn a_server_without_tags_or_ranges_is_asked_for_the_whole_file() {
    let mut client = Client::new();
    let server = Server::start(text(), None, [Act::Cut(60_000), Act::Serve]);
    client.fetch(&server, "cat").expect("the second time");
    assert!(client.file("cat") == Some(text()) && !server.requests()[1].contains("range:"));
    let mut client = Client::new();
    let server = Server::start(text(), Some("a"), [Act::Cut(60_000), Act::Whole]);
    client.fetch(&server, "cat").expect("the second time");
    assert!(client.file("cat") == Some(text()) && server.requests()[1].contains("range:"));
}

#[test]
fn a_wrong_piece_is_not_used() {
    let size = text().len();
    let piece = |tag: &str, first: usize, total: usize| {
        let rest = lines("dog", 3000).into_bytes().split_off(60_000);
        let head = format!("HTTP/1.1 206 Partial Content\r\nETag: \"{tag}\"\r\nContent-Length: {}\r\n", rest.len());
        Act::Say(format!("{head}Content-Range: bytes {first}-{}/{total}\r\n", total - 1), rest)
    };
    // Another place, another size, another state of the file: the server ignores what was asked.
    for wrong in [piece("a", 59_999, size), piece("a", 60_000, size + 1), piece("b", 60_000, size)] {
        let server = Server::start(text(), Some("a"), [Act::Cut(60_000), wrong, Act::Serve]);
        let mut client = Client::new();
        client.fetch(&server, "cat").expect("the third time");
        assert!(client.file("cat") == Some(text()) && server.requests().len() == 3);
    }
}

#[test]
fn what_the_server_does_not_have_is_said_at_once() {
    for code in ["404 Not Found", "403 Forbidden", "410 Gone"] {
        let server = Server::start("", None, [Act::Say(format!("HTTP/1.1 {code}\r\nContent-Length: 5\r\n"), b"sorry".into())]);
        let mut client = Client::new();
        let error = client.fetch(&server, "cat").expect_err("not there").to_string();
        assert!(error.contains(code) && error.contains("data set's list"), "{error}");
        assert_eq!((server.requests().len(), client.litter().len()), (1, 0));
    }
}

#[test]
fn a_server_in_trouble_is_asked_again_a_few_times() {
    let busy = |code: &str| Act::Say(format!("HTTP/1.1 {code}\r\nContent-Length: 0\r\n"), Vec::new());
    let server = Server::start(text(), Some("a"), [busy("503 Service Unavailable"), busy("429 Too Many Requests"), Act::Serve]);
    let mut client = Client::new();
    client.fetch(&server, "cat").expect("the third time");
    let server = Server::start(text(), Some("a"), [busy("500 Internal Server Error")]);
    let error = Client::new().fetch(&server, "cat").expect_err("never").to_string();
    assert!(error.contains("500") && server.requests().len() == 3, "{error}");
    let error = Client::new().fetch(&Server::start("", None, [Act::Hang]), "cat").expect_err("never").to_string();
    assert!(error.contains("could not be downloaded"), "{error}");
}

#[test]
fn a_416_means_whole_or_start_anew() {
    let (file, size) = (text(), text().len());
    for (have, expected) in [(size, 1), (size - 5, 1)] {
        let client = Client::new();
        let part = client.folders.drawings.join("cat.ndjson.part");
        let server = Server::start(&file, Some("a"), [Act::Serve]);
        put(&part, &file[..have]);
        put(
            &client.folders.drawings.join("cat.ndjson.part.json"),
            format!("{{\"url\":\"{}/cat.ndjson\",\"same\":\"\\\"a\\\"\",\"total\":{size}}}", server.base),
        );
        let mut client = client;
        client.fetch(&server, "cat").expect("whole");
        assert!(client.file("cat") == Some(file.clone()) && client.litter().is_empty());
        assert_eq!(server.requests().len(), expected);
    }
    // The file on the server became shorter, under the same tag.
    let mut client = Client::new();
    let server = Server::start(&file, Some("a"), [Act::Cut(90_000), Act::Cut(0)]);
    client.fetch(&server, "cat").expect_err("it never comes");
    let short = lines("cat", 100);
    server.change(&short, "a", [Act::Serve]);
    client.fetch(&server, "cat").expect("anew");
    assert!(client.file("cat") == Some(short));
}

#[test]
fn wrong_lengths_never_make_a_file() {
    let file = text();
    let say = |length: usize| Act::Say(format!("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: {length}\r\n"), file.clone().into());
    // Too much announced: it never becomes whole. Too little: the last line is torn.
    for (length, part) in [(file.len() + 10, "could not be downloaded"), (file.len() - 10, "its last line is none")] {
        let server = Server::start(&file, Some("a"), [say(length)]);
        let mut client = Client::new();
        let error = client.fetch(&server, "cat").expect_err("wrong").to_string();
        assert!(error.contains(part) && client.file("cat").is_none(), "{error}");
    }
    // Without a length, the connection's end is the file's end.
    let server = Server::start(&file, None, [Act::Say("HTTP/1.1 200 OK\r\n".into(), file.clone().into())]);
    let mut client = Client::new();
    client.fetch(&server, "cat").expect("whole");
    assert!(client.file("cat") == Some(file));
}

#[test]
fn a_page_in_the_files_place_is_refused() {
    let page = "<html>Welcome to the hotel</html>";
    let server = Server::start(page, None, [Act::Serve]);
    let mut client = Client::new();
    let error = client.fetch(&server, "cat").expect_err("no drawings").to_string();
    assert!(error.contains("not a file of drawings") && error.contains("address"), "{error}");
    assert!(client.file("cat").is_none() && client.litter().is_empty());
}

#[test]
fn cancelling_ends_a_stalled_download_and_keeps_what_came() {
    let server = Server::start(text(), Some("a"), [Act::Stall(60_000)]);
    let client = Client::new();
    let cancel = Cancel::default();
    let patience = Patience { stall: Duration::from_secs(3600), ..Patience::default() };
    let stop = cancel.clone();
    let mut progress = |now: Fetching<'_>| {
        if now.done == 60_000 {
            stop.cancel(Reason::Stopped)
        }
    };
    // Without the second thread this would take an hour.
    let error = fetch_with(&["cat".into()], Some(&server.base), &client.folders, &Cache::none(), patience, &cancel, &mut progress);
    assert_eq!(error.map_err(|error| error.kind()), Err(Kind::Cancelled));
    let kept = std::fs::metadata(client.folders.drawings.join("cat.ndjson.part")).map(|meta| meta.len()).ok();
    assert_eq!(kept, Some(60_000));
    drop(client.folder);
}

#[test]
fn cancelling_reaches_a_download_that_waits_for_an_answer() {
    let server = Server::start(text(), Some("a"), [Act::Stall(0)]);
    let client = Client::new();
    let cancel = Cancel::default();
    let patience = Patience { stall: Duration::from_secs(3600), ..Patience::default() };
    let watched = server.clone();
    let stop = cancel.clone();
    let waiting = std::thread::Builder::new().spawn(move || {
        while watched.requests().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.cancel(Reason::Interrupted);
    });
    let error = fetch_with(&["cat".into()], Some(&server.base), &client.folders, &Cache::none(), patience, &cancel, &mut |_| {});
    assert_eq!(error.map_err(|error| error.kind()), Err(Kind::Cancelled));
    waiting.expect("a thread").join().expect("no panic");
}

#[test]
fn made_up_drawings_give_way_with_their_own_split_and_no_other() {
    let made_up = "{\"word\":\"cat\",\"drawing\":[[[0,9],[0,9]]],\"procedural\":true}\n".repeat(3);
    for (split, sizes) in [("{\"train\": [0, 2], \"test\": [1]}", (2500, 500)), ("{\"train\": [0, 3], \"test\": [1]}", (2, 1))] {
        let server =
            Server::start(text(), Some("a"), [Act::Say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n".into(), Vec::new()), Act::Serve]);
        let mut client = Client::new();
        put(&client.folders.drawings.join("cat.ndjson"), &made_up);
        put(&client.folders.split("cat"), split);
        // As long as nothing better has come they stay.
        client.fetch(&server, "cat").expect_err("not there");
        assert_eq!(client.file("cat").as_ref(), Some(&made_up));
        client.fetch(&server, "cat").expect("served");
        assert_eq!(client.file("cat"), Some(text()));
        let split = denoodle::data::split::read(&client.folders, "cat").expect("a split");
        assert_eq!((split.train.len(), split.test.len()), sizes);
    }
}

#[test]
fn impossible_requests_are_refused_before_anything_is_asked() {
    let client = Client::new();
    let ask = |names: &[&str], base: Option<&str>| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        fetch(&names, base, &client.folders, &Cancel::default(), &mut |_| {}).expect_err("impossible")
    };
    let error = ask(&["rabit"], None);
    assert!(error.kind() == Kind::Usage && error.to_string().contains("Did you mean rabbit"), "{error}");
    assert_eq!(ask(&["../cat"], Some("http://127.0.0.1:9")).kind(), Kind::Usage);
    assert_eq!(ask(&["cat"], Some("ftp://127.0.0.1")).kind(), Kind::Usage);
    assert!(!client.folders.subset.exists());
}
