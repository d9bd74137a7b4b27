//! Models side by side: what each is and costs, then every score with its floor.

use super::csv::{line, number};
use super::latex::table;
use super::markdown::{escaped, head, row};
use super::text::columns;
use super::{basis_words, groups, joint_rows};
use crate::eval::SCORES;
use crate::eval::comparison::{Compared, Comparison, TrainingTime};
use crate::eval::scores::{Against, Scores};
use crate::util::clock;
use crate::util::number::{count, counted};

/// What a model is and costs: titles, and a cell for each model.
pub fn comparison_facts(comparison: &Comparison) -> Vec<Vec<String>> {
    let row = |title: &str, cell: &dyn Fn(&Compared) -> String| {
        std::iter::once(title.to_owned()).chain(comparison.models.iter().map(cell)).collect::<Vec<_>>()
    };
    let trained = |model: &Compared| model.training.map_or_else(|| "–".to_owned(), training_words);
    vec![
        row("system", &|model| model.system.clone()),
        row("preset", &|model| model.preset.clone()),
        row("weights", &|model| weights_words(model.parameters)),
        row("training steps", &|model| count(model.steps)),
        row("training drawings", &|model| count(model.drawings)),
        row("training time", &trained),
        row("a drawing alone", &|model| milliseconds(model.alone_ms)),
        row("a drawing among many", &|model| milliseconds(model.together_ms)),
    ]
}

/// "3.1 M".
pub fn weights_words(parameters: usize) -> String {
    match parameters as f64 / 1e6 {
        millions if millions >= 0.1 => format!("{millions:.1} M"),
        millions => format!("{:.0} k", 1000.0 * millions),
    }
}

fn training_words(time: TrainingTime) -> String {
    let threads = counted(time.threads as u64, "thread", "threads");
    format!("{}, {threads}", clock::words(std::time::Duration::from_secs_f64(time.secs.max(0.0))))
}

fn milliseconds(ms: f64) -> String {
    if ms < 10.0 { format!("{ms:.2} ms") } else { format!("{ms:.1} ms") }
}

/// All rows: the facts, then the scores against one list.
fn rows(comparison: &Comparison, scores: &[&Scores], against: Against) -> Vec<Vec<String>> {
    let scored = joint_rows(scores, against).into_iter();
    comparison_facts(comparison)
        .into_iter()
        .chain(scored.map(|(about, cells)| std::iter::once(about.name.to_owned()).chain(cells).collect()))
        .collect()
}

/// What all of it rests on: once for all models, as they share it.
fn basis(comparison: &Comparison, scores: &[&Scores], against: Against) -> String {
    let first = scores.first().and_then(|one| Some(basis_words(one, one.versus(against)?))).unwrap_or_default();
    let threads = counted(comparison.threads as u64, "thread", "threads");
    format!("{first}; drawn by {}, with {threads}", comparison.device)
}

fn titles(comparison: &Comparison) -> Vec<String> {
    std::iter::once(comparison.category.clone()).chain(comparison.models.iter().map(|model| model.name.clone())).collect()
}

/// The lists of real drawings that all were scored against, each with the scores or why they may not stand side by side.
fn lists(comparison: &Comparison) -> Vec<(Against, Result<Vec<&Scores>, String>)> {
    groups(&comparison.scores())
}

/// A table for each list of real drawings, in Markdown.
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let mut out = Vec::new();
    for (against, group) in lists(comparison) {
        out.push(format!("## Models of {}, against {}\n", escaped(&comparison.category), against.words()));
        match group {
            Err(why) => out.push(format!("{}\n", escaped(&why))),
            Ok(scores) => {
                out.push(format!("{}.\n", escaped(&basis(comparison, &scores, against))));
                out.push(head(titles(comparison)));
                out.extend(rows(comparison, &scores, against).into_iter().map(row));
                out.push(String::new());
            }
        }
    }
    out.join("\n")
}

/// The same for LaTeX, with the package `booktabs`.
pub fn comparison_latex(comparison: &Comparison) -> String {
    let mut out = vec!["% Needs \\usepackage{booktabs}.".to_owned()];
    for (against, group) in lists(comparison) {
        match group {
            Err(why) => out.push(format!("% {}", why.replace(['\n', '\r'], " "))),
            Ok(scores) => {
                let caption = format!("{}: {}.", comparison.category, basis(comparison, &scores, against));
                out.push(table(titles(comparison), rows(comparison, &scores, against), &caption));
            }
        }
    }
    out.join("\n") + "\n"
}

/// The same for a terminal.
pub fn comparison_text(comparison: &Comparison) -> String {
    let mut out = Vec::new();
    for (against, group) in lists(comparison) {
        out.push(format!("models of {}, against {}", comparison.category, against.words()));
        match group {
            Err(why) => out.push(format!("  {why}")),
            Ok(scores) => {
                out.push(format!("  {}", basis(comparison, &scores, against).replace("; ", "\n  ")));
                let first = std::iter::once(String::new()).chain(titles(comparison).into_iter().skip(1)).collect();
                out.extend(columns(&std::iter::once(first).chain(rows(comparison, &scores, against)).collect::<Vec<_>>()));
            }
        }
        out.push(String::new());
    }
    out.join("\n").trim_end().to_owned()
}

/// One row a model and list, for programs: the facts, then mean, spread and floor of every score.
pub fn comparison_csv(comparison: &Comparison) -> String {
    let facts = "model,file,sha256,system,preset,weights,steps,drawings,training_secs,training_threads,alone_ms,together_ms,device,threads,\
                 category,protocol,extractor_sha256,renderer,against,real,generated,seeds";
    let scored = SCORES.iter().flat_map(|about| ["", "_spread", "_floor"].map(|end| format!("{}{end}", about.key)));
    let mut out = vec![facts.split(',').map(str::to_owned).chain(scored).collect::<Vec<_>>().join(",")];
    for model in &comparison.models {
        let (scores, (file, sha256)) = (&model.scores, model.scores.origin.file());
        for versus in scores.lists() {
            let seeds: Vec<String> = scores.seeds.iter().map(u64::to_string).collect();
            let facts = [
                model.name.clone(),
                file.to_owned(),
                sha256.to_owned(),
                model.system.clone(),
                model.preset.clone(),
                model.parameters.to_string(),
                model.steps.to_string(),
                model.drawings.to_string(),
                number(model.training.map(|time| time.secs)),
                model.training.map_or(String::new(), |time| time.threads.to_string()),
                number(Some(model.alone_ms)),
                number(Some(model.together_ms)),
                comparison.device.clone(),
                comparison.threads.to_string(),
                scores.category.clone(),
                scores.basis.protocol.to_string(),
                scores.basis.extractor.sha256.clone(),
                scores.basis.renderer.clone(),
                versus.against.key().to_owned(),
                versus.real.to_string(),
                scores.generated.to_string(),
                seeds.join(" "),
            ];
            let scored = SCORES.iter().flat_map(|about| {
                let score = versus.score(about.kind);
                [
                    number(score.and_then(|score| score.mean)),
                    number(score.and_then(|score| score.spread)),
                    number(score.and_then(|score| score.floor).map(|floor| floor.value)),
                ]
            });
            out.push(line(facts.into_iter().chain(scored)));
        }
    }
    out.join("\r\n") + "\r\n"
}
