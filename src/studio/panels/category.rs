//! Which of a model's categories to draw.

use eframe::egui::{ComboBox, Ui};

use crate::studio::widgets::View;

/// Shows it; true if another one was chosen.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) -> bool {
    let mut category = view.state.play.category.clone();
    let own = "the model's own";
    let shown = if category.is_empty() { own.to_owned() } else { category.clone() };
    view.row(ui, "Category", "Needed only by models that know several.", |ui| {
        let combo = ComboBox::from_id_salt("category").selected_text(shown).width(view.tokens.space(24.0)).show_ui(ui, |ui| {
            ui.selectable_value(&mut category, String::new(), own);
            for info in &view.state.library.categories {
                ui.selectable_value(&mut category, info.name.clone(), &info.name);
            }
        });
        combo.response.accessible_name("Category");
    });
    let changed = category != view.state.play.category;
    view.state.play.category = category;
    changed
}
