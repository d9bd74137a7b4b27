//! Inception's weights come whole and right, or not at all. The server is a thread of the test.

mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use denoodle::data::{Patience, sha256_of_all};
use denoodle::eval::extractor::{Inception, Resizing};
use denoodle::eval::weights::{self, Status, fetch_with};
use denoodle::model::inception::InceptionV3;
use denoodle::model::{Weights, pth};
use denoodle::util::{Cancel, Kind, Reason, Result, atomic};
use server::{Act, Server};

/// In the place of the weights.
fn bytes() -> Vec<u8> {
    (0..200_000u32).map(|i| (i.wrapping_mul(i) / 7) as u8).collect()
}

fn sha256(bytes: &[u8]) -> String {
    sha256_of_all(&mut &bytes[..], &Cancel::default()).expect("memory")
}

struct Client {
    folder: tempfile::TempDir,
    file: PathBuf,
    furthest: u64,
}

impl Client {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("features").join("weights.pth");
        Self { folder, file, furthest: 0 }
    }

    fn fetch(&mut self, servers: &[&Server], sha256: &str, cancel: &Cancel) -> Result<()> {
        let addresses: Vec<String> = servers.iter().map(|server| format!("{}/weights.pth", server.base)).collect();
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let patience = Patience { stall: Duration::from_secs(60), attempts: 2, pause: Duration::from_millis(1) };
        let furthest = &mut self.furthest;
        fetch_with(&self.file, &addresses, sha256, patience, cancel, &mut |done, _| *furthest = done)
    }

    /// The names of everything that is there.
    fn names(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("features")) else { return Vec::new() };
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_download_that_breaks_off_goes_on_also_in_a_later_run() {
    let (all, cancel) = (bytes(), Cancel::default());
    let server = Server::start(all.clone(), Some("a"), [Act::Cut(50_000), Act::Cut(70_000), Act::Cut(0)]);
    let mut client = Client::new();
    assert_eq!(weights::status(&client.file), Status::Absent);
    let error = client.fetch(&[&server], &sha256(&all), &cancel).expect_err("it never comes").to_string();
    assert!(error.contains("weights of Inception could not be downloaded") && error.contains("goes on where it broke off"), "{error}");
    assert_eq!(client.names(), ["weights.pth.part", "weights.pth.part.json"]);
    server.change(all.clone(), "a", [Act::Serve]);
    client.fetch(&[&server], &sha256(&all), &cancel).expect("the rest");
    assert!(server.requests().last().is_some_and(|request| request.contains("range: bytes=120000-")));
    assert_eq!((client.names(), client.furthest), (vec!["weights.pth".to_owned()], all.len() as u64));
    assert!(std::fs::read(&client.file).expect("a file") == all);
    assert_eq!(weights::status(&client.file), Status::There(all.len() as u64));
    // It is here and right: nobody is asked.
    let asked = server.requests().len();
    client.fetch(&[&server], &sha256(&all), &cancel).expect("here");
    assert_eq!(server.requests().len(), asked);
    // It is here and wrong: it is fetched anew.
    atomic::write_bytes(&client.file, b"moth-eaten").expect("writes");
    client.fetch(&[&server], &sha256(&all), &cancel).expect("anew");
    assert!(std::fs::read(&client.file).expect("a file") == all);
}

#[test]
fn a_wrong_file_is_refused_and_nothing_is_left() {
    let mut wrong = bytes();
    wrong[100_000] ^= 1;
    let server = Server::start(wrong, Some("a"), [Act::Serve]);
    let mut client = Client::new();
    let error = client.fetch(&[&server], &sha256(&bytes()), &Cancel::default()).expect_err("wrong").to_string();
    assert!(error.contains("not the official file") && error.contains(&sha256(&bytes())), "{error}");
    assert!(client.names().is_empty() && weights::status(&client.file) == Status::Absent, "{:?}", client.names());
}

#[test]
fn one_address_after_another_is_asked() {
    let (all, cancel) = (bytes(), Cancel::default());
    let missing = Server::start("", None, [Act::Say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n".into(), Vec::new())]);
    let wrong = Server::start("<html>Welcome to the hotel</html>", None, [Act::Serve]);
    let right = Server::start(all.clone(), Some("a"), [Act::Serve]);
    let mut client = Client::new();
    client.fetch(&[&missing, &wrong, &right], &sha256(&all), &cancel).expect("the third one");
    assert!(std::fs::read(&client.file).expect("a file") == all);
    let mut client = Client::new();
    let error = client.fetch(&[&missing, &wrong], &sha256(&all), &cancel).expect_err("neither").to_string();
    assert!(error.contains("none of 2 addresses") && error.contains("404") && client.names().is_empty(), "{error}");
    // What the first one began is still there after the second one failed.
    let broken = Server::start(all.clone(), Some("a"), [Act::Cut(60_000), Act::Cut(0)]);
    client.fetch(&[&broken, &missing], &sha256(&all), &cancel).expect_err("neither");
    broken.change(all.clone(), "a", [Act::Serve]);
    client.fetch(&[&broken], &sha256(&all), &cancel).expect("the rest");
    assert!(broken.requests().last().is_some_and(|request| request.contains("range: bytes=60000-")));
}

#[test]
fn cancelling_keeps_what_came_and_asks_nobody_else() {
    let all = bytes();
    let [stalled, other] = [Act::Stall(60_000), Act::Serve].map(|act| Server::start(all.clone(), Some("a"), [act]));
    let client = Client::new();
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let mut progress = |done, _| {
        if done == 60_000 {
            stop.cancel(Reason::Stopped);
        }
    };
    let addresses = [&stalled, &other].map(|server| format!("{}/weights.pth", server.base));
    let addresses = [addresses[0].as_str(), addresses[1].as_str()];
    let patience = Patience { stall: Duration::from_secs(3600), ..Patience::default() };
    let ended = fetch_with(&client.file, &addresses, &sha256(&all), patience, &cancel, &mut progress);
    assert_eq!(ended.map_err(|error| error.kind()), Err(Kind::Cancelled));
    assert!(other.requests().is_empty() && client.names() == ["weights.pth.part", "weights.pth.part.json"]);
}

#[test]
fn without_the_official_file_there_is_an_error_that_says_how_to_get_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let reason = |file: &Path| Inception::open(file, Resizing::PytorchFid).expect_err("refused").to_string();
    let missing = reason(&folder.path().join("nothing.pth"));
    for advice in ["not on this machine", "denoodle features fetch inception", "denoodle features import FILE"] {
        assert!(missing.contains(advice), "{missing}");
    }
    let safetensors = safetensors::serialize(Vec::<(&str, safetensors::tensor::TensorView<'_>)>::new(), None).expect("a file");
    for (name, bytes) in [("broken.pth", &b"broken"[..]), ("small.pth", OLD), ("new.pth", NEW), ("other.safetensors", &safetensors)] {
        let file = folder.path().join(name);
        atomic::write_bytes(&file, bytes).expect("writes");
        let text = reason(&file);
        assert!(text.contains("not the official file") && text.contains(name) && text.contains("features fetch"), "{text}");
        let to = folder.path().join("features").join("weights.pth");
        let text = weights::import(&file, &to, &Cancel::default()).expect_err("refused").to_string();
        assert!(text.contains("not the official file") && text.contains(weights::FILE_NAME) && !to.exists(), "{text}");
        assert_eq!(text.contains("conversion"), name.ends_with("safetensors"), "{text}");
    }
    assert!(weights::import(&folder.path().join("nothing.pth"), &folder.path().join("x"), &Cancel::default()).is_err());
}

/// From tests/golden/pth.py: the form of before PyTorch 1.6, and the later one.
const OLD: &[u8] = include_bytes!("golden/old.pth");
const NEW: &[u8] = include_bytes!("golden/new.pth");

#[test]
fn both_forms_of_pytorch_files_are_read() -> Result<()> {
    for (name, bytes) in [("old.pth", OLD), ("new.pth", NEW)] {
        holds_what_was_saved(&pth::read(bytes, &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name))?);
    }
    Ok(())
}

fn holds_what_was_saved(weights: &Weights) {
    assert_eq!(weights.keys().collect::<Vec<_>>(), ["a.part", "a.turned", "a.weight", "b.bias", "b.parameter", "b.scalar"]);
    let numbers =
        |name: &str| (weights[name].dims().to_vec(), weights[name].flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("numbers"));
    let count = |n: u32| (0..n).map(|v| v as f32 / 8.0).collect::<Vec<f32>>();
    assert_eq!(numbers("a.weight"), (vec![2, 3, 1, 2], count(12)));
    assert_eq!(numbers("a.turned"), (vec![3, 2], vec![0.0, 0.375, 0.125, 0.5, 0.25, 0.625]));
    assert_eq!(numbers("a.part"), (vec![2], vec![0.5, 0.625]));
    assert_eq!(numbers("b.bias"), (vec![3], vec![-1.5, 0.0, 1e-20]));
    assert_eq!(numbers("b.parameter"), (vec![2], vec![7.0, 7.0]));
    assert_eq!(numbers("b.scalar"), (vec![], vec![2.5]));
}

#[test]
fn damaged_files_are_errors() {
    assert!(pth::read(b"", Path::new("")).is_err() && pth::read(b"PK", Path::new("nothing.pth")).is_err());
    for end in 0..OLD.len() {
        assert!(pth::read(&OLD[..end], Path::new("old.pth")).is_err(), "cut at {end}");
    }
    // Any byte may be wrong: that may go unnoticed, but never panics.
    for at in 0..OLD.len() {
        for bit in [1, 0x80] {
            let mut bytes = OLD.to_vec();
            bytes[at] ^= bit;
            let _ = pth::read(&bytes, Path::new("old.pth"));
        }
    }
}

#[test]
fn every_weight_must_be_there_in_its_shape() {
    let shapes = InceptionV3::shapes().expect("a network");
    assert_eq!(shapes.len(), 94 * 5 + 2);
    assert_eq!(shapes.iter().map(|(_, shape)| shape.iter().product::<usize>()).sum::<usize>(), 23_885_392);
    let zeros = |shape: &[usize]| candle_core::Tensor::zeros(shape, candle_core::DType::F32, &candle_core::Device::Cpu).expect("zeros");
    let all: Weights = shapes.iter().map(|(name, shape)| (name.clone(), zeros(shape))).collect();
    assert!(InceptionV3::new(&all).is_ok());
    let refused = |weights: &Weights| InceptionV3::new(weights).expect_err("refused").to_string();
    for name in ["Conv2d_1a_3x3.conv.weight", "Mixed_6c.branch7x7dbl_4.bn.running_mean", "Mixed_7c.branch_pool.bn.bias", "fc.bias"] {
        let mut some = all.clone();
        some.remove(name);
        assert!(refused(&some).contains(name));
        some.insert(name.to_owned(), zeros(&[1000]));
        let text = refused(&some);
        assert!(text.contains(name) && text.contains("[1000]"), "{text}");
    }
    let mut some = all.clone();
    let bad = (zeros(&[192]) - 1.0).expect("minus one");
    some.insert("Mixed_7c.branch_pool.bn.running_var".into(), bad);
    assert!(refused(&some).contains("Mixed_7c.branch_pool.bn.running_var"));
    let nan = candle_core::Tensor::from_vec(vec![f32::NAN; 1008], 1008, &candle_core::Device::Cpu).expect("a tensor");
    some.insert("Mixed_7c.branch_pool.bn.running_var".into(), zeros(&[192]));
    some.insert("fc.bias".into(), nan);
    assert!(refused(&some).contains("'fc.bias' holds NaN"));
}
