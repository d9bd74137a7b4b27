//! Numbers and paths in words, the same everywhere in the window.

use std::path::Path;
use std::sync::LazyLock;
use std::time::SystemTime;

use crate::config::{PRESETS, load};
use crate::util::number::GAP;
pub use crate::util::number::{count, counted};

/// The word with a capital letter; names of several words are written apart.
pub fn capital(word: &str) -> String {
    let word = word.replace('_', " ");
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// Systems: how presets' names begin, what files call them, and how the field writes them. The longer of two that begin alike comes first.
const SYSTEMS: &[(&str, &str, &str)] = &[
    ("unet1d", "Unet1d", "U-Net 1D"),
    ("sketch_rnn", "SketchRnn", "Sketch-RNN"),
    ("seq2seq", "Seq2seq", "Seq2seq"),
    ("dit_pen", "DitPen", "DiT, pen given"),
    ("dit", "Dit", "DiT"),
    ("history_dit", "HistoryDit", "History DiT"),
    ("latent", "Latent", "Latent diffusion"),
    ("rnn_denoiser", "RnnDenoiser", "RNN denoiser"),
];

/// A preset's name, with its system as the field writes it: "sketch_rnn_small" is "Sketch-RNN, small". What a person named themselves
/// stays as it is.
pub fn preset(name: &str) -> String {
    if !PRESETS.iter().any(|(built_in, _)| *built_in == name) {
        return name.to_owned();
    }
    let known = SYSTEMS.iter().find_map(|(own, _, written)| Some((written, name.strip_prefix(own)?)));
    known.map_or_else(|| capital(name), |(written, rest)| format!("{written}{}", rest.replace("_small", ", small").replace('_', " ")))
}

/// A system as the field writes it: "SketchRnn" is "Sketch-RNN".
pub fn system(name: &str) -> &str {
    let written = SYSTEMS.iter().find_map(|(_, own, written)| (*own == name).then_some(*written));
    written.unwrap_or(if name == "StrokeDiffusion" { "Stroke diffusion" } else { name })
}

/// What a built-in preset says of itself: for whom it is, and how long it takes.
pub fn preset_about(name: &str) -> Option<&'static str> {
    // Read once: tips and the list of commands ask in every frame.
    static ABOUT: LazyLock<Vec<(&str, String)>> =
        LazyLock::new(|| PRESETS.iter().filter_map(|(name, _)| Some((*name, load(name).ok()?.about))).collect());
    ABOUT.iter().find(|(known, _)| *known == name).map(|(_, about)| about.as_str())
}

/// What a system's second loss is called.
pub fn side_loss_name(name: &str) -> String {
    if name == "kl" { "KL loss".into() } else { capital(&format!("{name} loss")) }
}

/// What a system's second loss tells, and how it is drawn.
pub fn side_loss(name: &str) -> &'static str {
    match name {
        "stop" => "How well it knows when a drawing is finished: dashed in training, dots on test drawings.",
        "pen" => "How well it knows what the pen does behind every point: dashed in training, dots on test drawings.",
        "count" => {
            "How well it knows how many points the next stroke has, or that there is none: dashed in training, dots on test drawings."
        }
        "lifted" => "How well it knows where a new stroke begins, part of the main loss: dashed in training, dots on test drawings.",
        "kl" => "How far latent vectors are from what they are drawn from: dashed in training, dots on test drawings.",
        _ => "What is learnt beside the main loss: dashed in training, dots on test drawings.",
    }
}

/// What a share tells that a system gives beside its losses.
pub fn told_beside(name: &str) -> &'static str {
    match name {
        "pen_accuracy" => "Share of points behind which it rightly says that the pen stays down, is lifted, or that the drawing ends.",
        _ => "Share of what it gets right.",
    }
}

/// "14 B", "74 kB", "3.2 MB".
pub fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number}{GAP}B"),
        1_000..1_000_000 => format!("{:.0}{GAP}kB", number as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1}{GAP}MB", number as f64 / 1e6),
        _ => format!("{:.1}{GAP}GB", number as f64 / 1e9),
    }
}

/// "2026-01-31 17:03", as the clock on the wall says; nothing for times that no calendar knows.
pub fn date(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?.to_zoned(jiff::tz::TimeZone::system());
    Some(time.strftime("%Y-%m-%d %H:%M").to_string())
}

/// A loss, a rate, a norm: three or four figures that count, whatever the size.
pub fn figure(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        "not a number".into()
    } else if size == 0.0 {
        "0".into()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{number:.2e}")
    } else {
        let whole = size.log10().floor() as i32 + 1;
        let figures = if whole > 0 { 4 } else { 3 };
        format!("{number:.*}", (figures - whole).max(0) as usize)
    }
}

/// The same, as short as it can be without losing anything: "20", "0.42", "0.01".
pub fn short(number: f64) -> String {
    let long = figure(number);
    match long.split_once('.') {
        Some((whole, part)) if part.chars().all(|c| c == '0') => whole.to_owned(),
        Some((whole, part)) if !part.contains('e') => format!("{whole}.{}", part.trim_end_matches('0')),
        _ => long,
    }
}

/// What a model is called: that it is a shipped one, or its run, and its file if one was named.
pub fn model_name(path: &Path) -> String {
    if is_shipped(path) {
        return format!("{} (shipped)", path.display());
    }
    match (path.extension(), path.parent().and_then(Path::file_name), path.file_stem()) {
        (Some(_), Some(run), Some(file)) => format!("{}, {}", run.to_string_lossy(), file.to_string_lossy()),
        _ => file_name(path),
    }
}

/// Whether this is a shipped model's name, and no path.
pub fn is_shipped(path: &Path) -> bool {
    path.to_str().is_some_and(|name| crate::session::shipped(name).is_some())
}

/// The last part of a path, or all of it if it has none.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// An error's or a stage's words made a sentence: a capital and a full stop on the first line, no indents.
pub fn sentence(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim();
    let mut chars = first.chars();
    let capital: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let end = if first.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    let rest: String = lines.map(|line| format!("\n{}", line.trim())).collect();
    format!("{capital}{}{end}{rest}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(bytes(74_400).replace(GAP, " "), "74 kB");
        assert_eq!([figure(0.31822), figure(12.345), figure(1.2e-6), figure(0.0011)], ["0.318", "12.35", "1.20e-6", "0.00110"]);
        assert_eq!([short(20.0), short(0.42), short(0.01), short(1e-6)], ["20", "0.42", "0.01", "1.00e-6"]);
        assert_eq!([preset("dit"), preset("dit_pen_small"), preset("quick")], ["DiT", "DiT, pen given, small", "Quick"]);
        assert_eq!(preset("my_dit_small"), "my_dit_small");
        assert_eq!(preset("sketch_rnn_decoder_small"), "Sketch-RNN decoder, small");
        // Every system has a name that a person can read.
        for (name, _) in PRESETS {
            let model = load(name).expect("built in").model.system();
            assert!(model == "StrokeDiffusion" || SYSTEMS.iter().any(|(_, own, _)| *own == model), "{model}");
        }
        assert_eq!(sentence("cannot read it\n  in cat.ndjson"), "Cannot read it.\nin cat.ndjson");
        assert_eq!(preset_about("none"), None);
        for (name, _) in PRESETS {
            assert_eq!(preset_about(name).map(str::to_owned), load(name).ok().map(|preset| preset.about), "{name}");
        }
        assert_eq!((figure(f64::NAN), figure(0.0), figure(99_999.0)), ("not a number".into(), "0".into(), "99999".into()));
    }
}
