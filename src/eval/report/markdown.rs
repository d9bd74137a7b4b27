//! Tables in Markdown.

use super::{Row, basis_words, characteristic_cells, groups, joint_rows, remarks};
use crate::eval::scores::{Scores, Versus};

/// One table of all that may be compared, then everything of each in turn.
pub fn markdown(all: &[&Scores]) -> String {
    let mut out = Vec::new();
    for (against, group) in groups(all) {
        out.push(format!("## Side by side, against {}\n", against.words()));
        match group {
            Err(why) => out.push(format!("{}\n", escaped(&why))),
            Ok(scores) => {
                let titles: Vec<String> = scores.iter().map(|one| one.title()).collect();
                out.push(head(std::iter::once("score".to_owned()).chain(titles)));
                out.extend(
                    joint_rows(&scores, against).into_iter().map(|(about, cells)| row(std::iter::once(about.name.to_owned()).chain(cells))),
                );
                out.push(String::new());
            }
        }
    }
    for scores in all {
        for versus in scores.lists() {
            one(&mut out, scores, versus);
        }
        if !scores.notes.is_empty() {
            out.extend(scores.notes.iter().map(|note| format!("- {}", escaped(note))));
            out.push(String::new());
        }
    }
    out.join("\n")
}

fn one(out: &mut Vec<String>, scores: &Scores, versus: &Versus) {
    out.push(format!("## {}, against {}\n", escaped(&scores.title()), versus.against.words()));
    out.push(format!("{}.\n", escaped(&basis_words(scores, versus))));
    let titles = ["score", "", "value", "95 % interval, first seed", "floor", "real test drawings"];
    out.push(head(titles.map(str::to_owned)));
    for score in &versus.scores {
        let Row { name, better, value, interval, floor, real, .. } = Row::of(score);
        out.push(row([name.to_owned(), better.to_owned(), value, interval, floor, real]));
    }
    out.push(String::new());
    let remarks = remarks(versus);
    if !remarks.is_empty() {
        out.extend(remarks.iter().map(|remark| format!("- {}", escaped(remark))));
        out.push(String::new());
    }
    out.push(head(["characteristic", "mean, real", "mean, generated", "Wasserstein distance", "floor"].map(str::to_owned)));
    out.extend(versus.characteristics.iter().map(|one| row(characteristic_cells(one))));
    out.push(String::new());
}

pub(super) fn head(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    let rule: String = (0..cells.len()).map(|i| if i == 0 { "|---|" } else { "---:|" }).collect();
    format!("{}\n{rule}", row(cells))
}

pub(super) fn row(cells: impl IntoIterator<Item = String>) -> String {
    format!("| {} |", cells.into_iter().map(|cell| escaped(&cell)).collect::<Vec<_>>().join(" | "))
}

/// Nothing in it is taken for markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '~' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_cell() {
        assert_eq!(row(["a|b".into(), "<i>_x_\ny".into()]), "| a\\|b | \\<i\\>\\_x\\_ y |");
    }
}
