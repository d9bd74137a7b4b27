//! What there is of a category, in words.

use crate::data::{Browsed, CategoryInfo, Imported, Spread};
use crate::studio::state::State;
use crate::studio::words;

/// "procedural · 2 737 train, 200 test · 1.2 MB", "can be fetched": what is known.
pub fn details(category: &CategoryInfo) -> String {
    let mut parts = Vec::new();
    if category.procedural {
        parts.push("procedural".to_owned());
    }
    match (category.split, category.file.is_some()) {
        (Some((train, test)), _) => {
            parts.push(format!("{} train, {} test", words::count(train as u64), words::count(test as u64)));
        }
        (None, true) => parts.push("no split".to_owned()),
        (None, false) => {}
    }
    match (category.bytes, category.official_lines) {
        (Some(bytes), _) if category.file.is_some() => parts.push(words::bytes(bytes)),
        (_, Some(lines)) => parts.push(words::counted(lines, "drawing", "drawings")),
        _ => {}
    }
    if category.file.is_none() && parts.is_empty() {
        parts.push("can be fetched".to_owned());
    }
    parts.join(" · ")
}

/// "2 models know it": shipped ones counted too.
pub fn known_by(models: usize) -> String {
    match models {
        0 => "no model knows it".into(),
        models => words::counted(models as u64, "model knows it", "models know it"),
    }
}

/// What a card says under its category's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardWords {
    /// What is on the disk, the longest form first: as much is said as there is room for.
    pub drawings: Vec<String>,
    /// Who knows it.
    pub models: String,
    /// All of it in full, for the tooltip and for those who hear it.
    pub told: String,
}

/// A card's words: what is on the disk, and who knows it.
pub fn card(state: &State, category: &CategoryInfo) -> CardWords {
    let cards = &state.categories.cards;
    let own = cards.own_models(&category.name).count();
    let all = cards.models(&category.name).count();
    let models = if own > 0 { format!("{}, {own} of yours", known_by(all)) } else { known_by(all) };
    let here = category.file.is_some();
    let size = if here { words::bytes(category.bytes.unwrap_or(0)) } else { "not fetched".to_owned() };
    let made_up = if category.procedural { "procedural" } else { "" };
    // Each a little shorter than the one before; that drawings are made up is never left out.
    let drawings = match category.split {
        Some((train, test)) => {
            let (train, test) = (words::count(train as u64), words::count(test as u64));
            let (long, short) = (format!("{train} train, {test} test"), format!("{train} + {test}"));
            let forms: [[&str; 3]; 4] =
                [[made_up, size.as_str(), long.as_str()], [made_up, "", &long], [made_up, &size, &short], [made_up, "", &short]];
            forms.iter().map(|parts| joined(parts)).collect()
        }
        None if here => {
            let none = "no split";
            [joined(&[made_up, size.as_str(), none]), joined(&[made_up, "", none])].into()
        }
        None => vec![size.clone()],
    };
    let split = match category.split {
        Some((train, test)) => format!("; {} to train with, {} to test with", words::count(train as u64), words::count(test as u64)),
        None if here => "; not divided into drawings to train and to test with".to_owned(),
        None => String::new(),
    };
    let by = if category.procedural { "; procedural: made up by a program" } else { "" };
    let told = format!("{size}{by}{split}; {models}");
    CardWords { drawings, models, told }
}

/// Parts with something in between; those that are empty are left out.
fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

/// The selected category in sentences.
pub fn sentences(state: &State, category: &CategoryInfo) -> Vec<String> {
    let mut out = Vec::new();
    match (&category.file, category.bytes) {
        (Some(path), bytes) => {
            let size = bytes.map_or_else(String::new, |bytes| format!(", {}", words::bytes(bytes)));
            let many = state
                .categories
                .shown()
                .map_or_else(String::new, |shown| format!("{}, ", words::counted(shown.in_file, "drawing", "drawings")));
            out.push(format!("On this machine: {many}{}{size}.", words::file_name(path)));
            if category.procedural {
                out.push("They are procedural: made up by a program, not drawn by people.".into());
            }
        }
        (None, _) => {
            let many = category
                .official_lines
                .map_or_else(String::new, |lines| format!(" The data set has {} of it.", words::counted(lines, "drawing", "drawings")));
            out.push(format!("There are no drawings of it on this machine.{many}"));
        }
    }
    out.push(match category.split {
        Some((train, test)) => {
            format!("Its split: {} to train, {} to test with.", words::count(train as u64), words::count(test as u64))
        }
        None => {
            let undivided = || "It has no split; one is made when drawings are fetched or imported.".to_owned();
            state.library.too_few(&category.name).unwrap_or_else(undivided)
        }
    });
    let models: Vec<_> = state.categories.cards.models(&category.name).map(words::model_name).collect();
    out.push(match models.as_slice() {
        [] => "No model knows it.".into(),
        [one] => format!("Known by {one}."),
        [first, second] => format!("Known by {first} and {second}."),
        [first, second, rest @ ..] => format!("Known by {first}, {second} and {} more.", rest.len()),
    });
    out
}

/// "mean 7.2, median 6, longest 31"
pub fn spread(of: &Spread) -> String {
    let whole = |number: usize| words::count(number as u64);
    format!("mean {:.1}, median {}, longest {}", of.mean, whole(of.median), whole(of.most))
}

/// "Drawings 25 to 48 of 12 000".
pub fn place(browsed: &Browsed) -> String {
    let (first, last) = (browsed.first as u64 + 1, (browsed.first + browsed.sketches.len()) as u64);
    if browsed.sketches.is_empty() {
        return "No drawings".into();
    }
    format!("Drawings {} to {} of {}", words::count(first), words::count(last), words::count(browsed.total as u64))
}

/// How much was left out, as a heading over why.
pub fn left_out(browsed: &Browsed) -> String {
    match browsed.left_out {
        0 => "Nothing was left out of the file.".into(),
        lines => format!("{} left out of the file:", words::counted(lines, "line was", "lines were")),
    }
}

/// One line a file, or a split.
pub fn imported(files: &[Imported]) -> Vec<String> {
    files
        .iter()
        .map(|file| match file {
            Imported::Drawings { category, report, .. } => {
                let bad = match report.bad() {
                    0 => String::new(),
                    bad => format!(" {} left out.", words::counted(bad, "line was", "lines were")),
                };
                let [one, many] = if report.procedural { ["made-up drawing", "made-up drawings"] } else { ["drawing", "drawings"] };
                format!("Imported {} of {category}.{bad}", words::counted(report.drawings, one, many))
            }
            Imported::Split { category, sizes: (train, test), .. } => {
                format!(
                    "Imported the split of {category}: {} to train, {} to test with.",
                    words::count(*train as u64),
                    words::count(*test as u64)
                )
            }
            Imported::Ignored(name) => format!("Left alone: {name}"),
        })
        .collect()
}

/// The first category that something was imported of.
pub fn first_category(files: &[Imported]) -> Option<&str> {
    files.iter().find_map(|file| match file {
        Imported::Drawings { category, .. } | Imported::Split { category, .. } => Some(category.as_str()),
        Imported::Ignored(_) => None,
    })
}
