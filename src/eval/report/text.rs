//! Scores for a terminal.

use super::{Row, basis_words, characteristic_cells, groups, remarks};
use crate::eval::scores::Scores;
use crate::eval::{Protocol, SCORES};

/// Everything of each in turn, in columns.
pub fn text(all: &[&Scores]) -> String {
    let mut out = Vec::new();
    for scores in all {
        for versus in scores.lists() {
            out.push(format!("{}, against {}", scores.title(), versus.against.words()));
            out.push(format!("  {}", basis_words(scores, versus).replace("; ", "\n  ")));
            let mut rows: Vec<Vec<String>> = vec![["", "score", "95 % interval", "floor", "real test", ""].map(str::to_owned).to_vec()];
            for score in &versus.scores {
                let Row { name, better, value, interval, floor, real, absent } = Row::of(score);
                // Absent scores are told below.
                if absent.is_none() {
                    rows.push([name.into(), value, interval, floor, real, better.into()].to_vec());
                }
            }
            out.extend(columns(&rows));
            let mut rows: Vec<Vec<String>> = vec![["", "real mean", "generated", "Wasserstein", "floor"].map(str::to_owned).to_vec()];
            rows.extend(versus.characteristics.iter().map(|one| characteristic_cells(one).to_vec()));
            out.extend(columns(&rows));
            out.extend(remarks(versus).into_iter().map(|remark| format!("  {remark}")));
            out.push(String::new());
        }
        out.extend(scores.notes.iter().map(|note| format!("  Note: {note}.")));
        out.push(String::new());
    }
    for (_, group) in groups(all) {
        out.extend(group.err().map(|why| format!("There is no table of all: {why}")));
    }
    out.join("\n").trim_end().to_owned()
}

/// What every score and protocol means.
pub fn explanations() -> String {
    let mut out: Vec<String> = Vec::new();
    for row in SCORES {
        out.push(format!("{} ({}; {})\n  {}", row.name, row.better_words(), row.source, row.says));
    }
    out.push(
        "floor\n  What a disjoint sample of real training drawings gets against the same test drawings, by the same code. A model at \
         the floor cannot be told from people by this score; how far it is above is what counts."
            .into(),
    );
    out.extend(Protocol::ALL.map(|protocol| format!("--protocol {protocol}\n  {}", protocol.explain())));
    out.join("\n")
}

/// The first column to the left, the others to the right, the last as it is.
pub(super) fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |row: &Vec<String>| {
        let cell = |(i, cell): (usize, &String)| match i {
            0 => format!("  {cell:<0$}", widths[0]),
            _ if i + 1 == count && count == 6 => format!("  {cell}"),
            _ => format!("  {cell:>0$}", widths[i]),
        };
        row.iter().enumerate().map(cell).collect::<String>().trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
