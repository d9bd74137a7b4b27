//! Presets: reading, checking, and the ones that are built in.

use std::path::Path;

use serde_json::Value;

use super::limits::limit;
use super::models::{DitSettings, HistoryDitSettings, LatentSettings, ModelSettings, SketchRnnSettings};
use super::schema::{CodecSettings, Preset, VERSION};
use crate::util::number::plain;
use crate::util::{Context, Error, Result, not_in_names};

/// How many of [`PRESETS`] are the flagship's; those of other systems follow.
pub const FLAGSHIP_PRESETS: usize = 4;

/// Their names.
pub fn flagship_presets() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().take(FLAGSHIP_PRESETS).map(|(name, _)| *name)
}

/// No preset is longer; whatever else is named as one is not read to its end.
const MOST_BYTES: u64 = 1 << 20;

/// The built-in presets: name and text.
pub const PRESETS: &[(&str, &str)] = &[
    ("quick", include_str!("../../presets/quick.ron")),
    ("finetune", include_str!("../../presets/finetune.ron")),
    ("standard", include_str!("../../presets/standard.ron")),
    ("large", include_str!("../../presets/large.ron")),
    ("unet1d_small", include_str!("../../presets/unet1d_small.ron")),
    ("unet1d", include_str!("../../presets/unet1d.ron")),
    ("sketch_rnn_small", include_str!("../../presets/sketch_rnn_small.ron")),
    ("sketch_rnn_decoder_small", include_str!("../../presets/sketch_rnn_decoder_small.ron")),
    ("sketch_rnn", include_str!("../../presets/sketch_rnn.ron")),
    ("seq2seq_small", include_str!("../../presets/seq2seq_small.ron")),
    ("seq2seq_mean_small", include_str!("../../presets/seq2seq_mean_small.ron")),
    ("seq2seq", include_str!("../../presets/seq2seq.ron")),
    ("dit_small", include_str!("../../presets/dit_small.ron")),
    ("dit", include_str!("../../presets/dit.ron")),
    ("dit_pen_small", include_str!("../../presets/dit_pen_small.ron")),
    ("dit_pen", include_str!("../../presets/dit_pen.ron")),
    ("history_dit_small", include_str!("../../presets/history_dit_small.ron")),
    ("history_dit", include_str!("../../presets/history_dit.ron")),
    ("rnn_denoiser_small", include_str!("../../presets/rnn_denoiser_small.ron")),
    ("rnn_denoiser", include_str!("../../presets/rnn_denoiser.ron")),
    ("latent_small", include_str!("../../presets/latent_small.ron")),
    ("latent", include_str!("../../presets/latent.ron")),
];

impl Preset {
    /// Whether losses of both count the same thing: those of other systems, and of other codecs, cannot be compared.
    pub fn measures_like(&self, other: &Self) -> bool {
        self.model.system() == other.model.system() && self.codec == other.codec
    }
}

/// The preset of that name, or the one in that file.
pub fn load(name_or_path: &str) -> Result<Preset> {
    if let Some((name, text)) = PRESETS.iter().find(|(name, _)| *name == name_or_path) {
        return parse(text, Path::new(&format!("presets/{name}.ron")));
    }
    let path = Path::new(name_or_path);
    if path.extension().is_none_or(|end| end != "ron") && !path.exists() {
        let names: Vec<_> = PRESETS.iter().map(|(name, _)| *name).collect();
        return Err(Error::usage(format!("there is no preset named '{name_or_path}'"))
            .advise(format!("Presets are: {}; or name a .ron file.", names.join(", "))));
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).context_at("cannot read the preset", path)?;
    std::io::Read::read_to_string(&mut std::io::Read::take(file, MOST_BYTES), &mut text).context_at("cannot read the preset", path)?;
    parse(&text, path)
}

/// Reads and checks a preset; an error names the file, the line and the field.
pub fn parse(text: &str, path: &Path) -> Result<Preset> {
    let wrong = |line: usize, what: String| {
        Error::usage(what)
            .at(path)
            .line(line as u64)
            .advise("`denoodle presets show quick` prints a preset with every field explained.")
            .in_window("Train tells of every setting what it is and may be.")
    };
    let mut reader =
        ron::Deserializer::from_str(text).map_err(|e| wrong(e.span.start.line, format!("this is not a preset: {}", e.code)))?;
    let preset: Preset = match serde_path_to_error::deserialize(&mut reader) {
        Ok(preset) => preset,
        Err(error) => {
            let at = reader.span_error(error.inner().clone());
            let field = error.path().to_string();
            let field = if field == "." { String::new() } else { format!("{field}: ") };
            return Err(wrong(at.span.start.line, format!("this preset cannot be used: {field}{}", at.code)));
        }
    };
    reader.end().map_err(|code| {
        let at = reader.span_error(code);
        wrong(at.span.start.line, format!("something follows the preset: {}", at.code))
    })?;
    // What may be left out by other systems must not be forgotten by this one.
    if let Some(missing) = preset.model.required().find(|field| line_of(text, field).is_none()) {
        let section = missing.split('.').next().unwrap_or_default();
        return Err(wrong(line_of(text, section).unwrap_or(1), format!("this preset cannot be used: {missing} is missing")));
    }
    match complaint(&preset) {
        None => Ok(preset),
        Some((field, what)) => Err(wrong(line_of(text, &field).unwrap_or(1), format!("this preset cannot be used: {what}"))),
    }
}

/// The first thing wrong with a preset's values: the field, and what to say of it.
pub fn complaint(preset: &Preset) -> Option<(String, String)> {
    let say = |field: &str, what: String| Some((field.to_owned(), what));
    if preset.version != VERSION {
        return say("version", format!("version is {}, but this program reads version {VERSION}", preset.version));
    }
    // It becomes part of a folder's name.
    if preset.name.is_empty() || preset.name.len() > 100 || not_in_names(&preset.name).is_some() {
        return say("name", "name must have 1 to 100 letters, and none that a folder's name cannot have".into());
    }
    for (field, value) in numbers(preset) {
        let Some(limit) = limit(&field) else { continue };
        if let Some(what) = limit.complaint(value) {
            return say(&field, what);
        }
    }
    for (field, value) in every_number(preset) {
        if preset.model.foreign(&field).is_some_and(|neutral| value != neutral) {
            return say(&field, format!("{field} is no setting of this system"));
        }
    }
    match (&preset.model, &preset.codec) {
        (ModelSettings::StrokeDiffusion(model), CodecSettings::Components { points, components, .. }) => {
            if *components > 2 * points {
                return say(
                    "codec.components",
                    format!("codec.components is {components}, but {points} points have only {} coordinates", 2 * points),
                );
            }
            if !model.width.is_multiple_of(model.heads) {
                return say(
                    "model.heads",
                    format!("model.heads is {}, but must divide model.width, which is {}", model.heads, model.width),
                );
            }
        }
        (ModelSettings::Unet1d(model), CodecSettings::Deltas { most_points, .. }) => {
            let (lowest, halved) = (model.base << (model.levels - 1), 1 << (model.levels - 1));
            if !model.base.is_multiple_of(2) {
                return say("model.base", format!("model.base is {}, but must be even", model.base));
            }
            if !lowest.is_multiple_of(model.heads) {
                return say("model.heads", format!("model.heads is {}, but must divide the last level's {lowest} channels", model.heads));
            }
            if !most_points.is_multiple_of(halved) {
                let what =
                    format!("codec.most_points is {most_points}, but must be a multiple of {halved} to be halved from level to level");
                return say("codec.most_points", what);
            }
        }
        (
            ModelSettings::SketchRnn(SketchRnnSettings { mixtures: 0, .. }) | ModelSettings::Latent(LatentSettings { mixtures: 0, .. }),
            CodecSettings::Deltas { .. },
        ) => {
            return say("model.mixtures", "model.mixtures is 0, but this system draws from a mixture: it needs 1 at least".into());
        }
        (ModelSettings::Latent(model), CodecSettings::Deltas { .. }) => {
            if model.encoder == 0 {
                return say(
                    "model.encoder",
                    "model.encoder is 0, but this system needs a reader: without one there is no latent vector".into(),
                );
            }
        }
        (ModelSettings::SketchRnn(_), CodecSettings::Deltas { .. }) => {}
        (ModelSettings::Seq2seq(model), CodecSettings::Deltas { .. }) => {
            if model.encoder == 0 {
                return say("model.encoder", "model.encoder is 0, but this system cannot do without its reader".into());
            }
        }
        (ModelSettings::Dit(DitSettings { width, heads, .. }), CodecSettings::Rhythms { .. })
        | (ModelSettings::DitPen(DitSettings { width, heads, .. }), CodecSettings::Rhythms { .. })
        | (ModelSettings::HistoryDit(HistoryDitSettings { width, heads, .. }), CodecSettings::Deltas { .. }) => {
            if !width.is_multiple_of(4) {
                return say("model.width", format!("model.width is {width}, but must be a multiple of 4"));
            }
            if !width.is_multiple_of(*heads) {
                return say("model.heads", format!("model.heads is {heads}, but must divide model.width, which is {width}"));
            }
        }
        (ModelSettings::RnnDenoiser(_), CodecSettings::Rhythms { .. }) => {}
        (ModelSettings::Dit(_) | ModelSettings::DitPen(_) | ModelSettings::RnnDenoiser(_), _) => {
            return say("codec", "this system draws as many points as a rhythm has: its codec must be Rhythms".into());
        }
        (
            ModelSettings::Unet1d(_)
            | ModelSettings::SketchRnn(_)
            | ModelSettings::Seq2seq(_)
            | ModelSettings::HistoryDit(_)
            | ModelSettings::Latent(_),
            _,
        ) => {
            return say("codec", "this system draws points: its codec must be Deltas".into());
        }
        (ModelSettings::StrokeDiffusion(_), _) => {
            return say("codec", "this system draws strokes: its codec must be Components".into());
        }
    }
    if preset.train.shards > preset.train.batch {
        return say(
            "train.shards",
            format!("train.shards is {}, but a batch has only {}", preset.train.shards, plain(preset.train.batch, "drawing", "drawings")),
        );
    }
    if preset.draw.sigma_min >= preset.draw.sigma_max {
        return say("draw.sigma_min", "draw.sigma_min must be smaller than draw.sigma_max".into());
    }
    None
}

/// Every number of a preset that means something to its system, with its field name, variants of enums left out: `model.width`.
pub fn numbers(preset: &Preset) -> Vec<(String, f64)> {
    every_number(preset).into_iter().filter(|(field, _)| preset.model.foreign(field).is_none()).collect()
}

/// The same with those of other systems, which are neutral.
fn every_number(preset: &Preset) -> Vec<(String, f64)> {
    fn walk(at: &str, value: &Value, out: &mut Vec<(String, f64)>) {
        match value {
            Value::Number(number) => out.push((at.to_owned(), number.as_f64().unwrap_or(f64::NAN))),
            // Not-a-number and infinities have no JSON form and come as null: they must not slip through.
            Value::Null => out.push((at.to_owned(), f64::NAN)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    let variant = name.starts_with(char::is_uppercase);
                    let next = match (at, variant) {
                        (at, true) => at.to_owned(),
                        ("", false) => name.clone(),
                        (at, false) => format!("{at}.{name}"),
                    };
                    walk(&next, value, out);
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    // A preset is plain data: turning it into JSON cannot fail.
    walk("", &serde_json::to_value(preset).unwrap_or(Value::Null), &mut out);
    out
}

/// The line of a field in the text of a preset, counted from 1, if it is there: each part of its name is looked for behind the one
/// before.
fn line_of(text: &str, field: &str) -> Option<usize> {
    let mut parts = field.split('.').peekable();
    for (number, line) in text.lines().enumerate() {
        let mut rest = line.split("//").next().unwrap_or("");
        while let Some(part) = parts.peek() {
            let Some(at) = rest.find(&format!("{part}:")) else { break };
            let whole_word = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            rest = &rest[at + part.len()..];
            if whole_word {
                parts.next();
            }
        }
        if parts.peek().is_none() {
            return Some(number + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LIMITS;

    fn quick() -> Preset {
        load("quick").expect("the built-in preset is valid")
    }

    #[test]
    fn every_built_in_preset_is_valid_and_named_as_its_file() {
        let own = |(name, _): &(&str, &str)| load(name).expect("built in").model.system() == "StrokeDiffusion";
        assert!(
            PRESETS.iter().take_while(|preset| own(preset)).count() == FLAGSHIP_PRESETS
                && PRESETS.iter().filter(|preset| own(preset)).count() == FLAGSHIP_PRESETS
        );
        for (name, _) in PRESETS {
            assert_eq!(load(name).map(|preset| preset.name).ok().as_deref(), Some(*name));
        }
    }

    #[test]
    fn every_number_has_a_limit_and_every_limit_a_number() {
        let all = PRESETS.iter().flat_map(|(name, _)| numbers(&load(name).expect("built in")));
        let fields: Vec<_> = all.map(|(field, _)| field).filter(|f| f != "version").collect();
        for field in &fields {
            assert!(limit(field).is_some(), "{field} has no limit");
        }
        for limit in LIMITS.iter().filter(|limit| !limit.field.starts_with("call.")) {
            assert!(fields.iter().any(|field| field == limit.field), "{} limits nothing", limit.field);
        }
    }

    #[test]
    fn an_error_names_file_line_and_field() {
        let text = PRESETS[0].1;
        let cases = [
            ("batch: 128", "batch: 0", "train.batch is 0", "batch:"),
            ("batch: 128", "batch: -1", "train.batch", "batch:"),
            ("heads: 5", "heads: 7", "model.heads is 7", "heads:"),
            ("ema_decay: 0.998", "ema_decay: 2.0", "train.ema_decay is 2", "ema_decay:"),
            ("rho: 7.0", "rho: NaN", "draw.rho is NaN", "rho:"),
            ("stop_share: 0.02,", "// forgotten", "train.stop_share is missing", "train:"),
            ("steps: 10,", "stepz: 10,", "stepz", "stepz:"),
            ("version: 1", "version: 9", "version is 9", "version:"),
            ("components: 64", "components: 65", "codec.components is 65", "components:"),
        ];
        for (from, to, says, line) in cases {
            assert!(text.contains(from), "{from} is not in the preset");
            let broken = text.replace(from, to);
            let error = parse(&broken, Path::new("mine.ron")).expect_err(to);
            let expected = broken.lines().position(|l| l.contains(line)).map(|i| i as u64 + 1);
            assert!(error.to_string().contains(says), "{to}: {error}");
            assert_eq!((error.path(), error.line_number()), (Some(Path::new("mine.ron")), expected), "{to}: {error}");
        }
    }

    #[test]
    fn what_a_system_cannot_do_without_is_asked_for() {
        for (name, from, to, says) in [
            ("sketch_rnn_small", "mixtures: 10", "mixtures: 0", "model.mixtures is 0"),
            ("latent_small", "mixtures: 10", "mixtures: 0", "model.mixtures is 0"),
            ("seq2seq_small", "encoder: 64", "encoder: 0", "model.encoder is 0"),
            ("seq2seq_small", "teacher_forcing_final: 0.8,", "", "train.teacher_forcing_final is missing"),
            ("seq2seq_small", "Deltas(most_points: 300,", "Components(points: 32, components: 64,", "must be Deltas"),
        ] {
            let text = PRESETS.iter().find(|(known, _)| *known == name).expect("built in").1;
            assert!(text.contains(from), "{from} is not in {name}");
            let error = parse(&text.replace(from, to), Path::new("mine.ron")).expect_err(to).to_string();
            assert!(error.contains(says), "{to}: {error}");
        }
        // Without a mixture one point is said.
        let text = PRESETS.iter().find(|(known, _)| *known == "seq2seq_small").expect("built in").1;
        assert!(parse(&text.replace("mixtures: 10", "mixtures: 0"), Path::new("mine.ron")).is_ok());
    }

    #[test]
    fn settings_of_other_systems_are_neutral_and_stay_out_of_sight() {
        for (name, text) in PRESETS {
            let preset = load(name).expect("built in");
            let own: Vec<_> = numbers(&preset).into_iter().map(|(field, _)| field).collect();
            for (field, _) in super::super::system::SPECIAL {
                let foreign = preset.model.foreign(field);
                assert_eq!(own.iter().any(|own| own == field), foreign.is_none(), "{name}: {field}");
                assert!(foreign.is_none() || line_of(text, field).is_none(), "{name} names {field}, which is not its own");
            }
            for (field, value) in every_number(&preset) {
                assert!(preset.model.foreign(&field).is_none_or(|neutral| value == neutral), "{name}: {field} is {value}");
            }
        }
    }

    #[test]
    fn a_preset_survives_a_round_trip() {
        let text = ron::ser::to_string_pretty(&quick(), ron::ser::PrettyConfig::default()).expect("plain data");
        assert_eq!(parse(&text, Path::new("x.ron")).ok(), Some(quick()));
    }
}
