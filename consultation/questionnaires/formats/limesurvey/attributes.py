"""The attributes of a question: read as numbers, switches and texts, and those that only look."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consultation.questionnaires.formats.limesurvey.comparisons import figure
from consultation.questionnaires.formats.limesurvey.source import Source

LOOKS = frozenset(
    """
    answer_width answer_width_bycolumn array_filter_style assessment_value
    automatic_heading button_size crop_or_resize fix_height fix_width max_buttons_row
    category_separator choice_input_columns choice_title code_filter
    commented_checkbox_auto cssclass default_mode display_columns display_rows display_type
    dropdown_dates dropdown_dates_minute_step dropdown_dates_month_style dropdown_dates_year_max
    dropdown_dates_year_min dropdown_prefix dropdown_prepostfix dropdown_separators dropdown_size
    exclude_all_others_auto form_help hide_tip horizontal_scroll image input_boxes input_size
    keep_aspect keyboard label_input_columns location_city location_country
    location_defaultcoordinates
    location_mapheight location_mapservice location_mapwidth location_mapzoom
    location_nodefaultfromip location_postal location_state max_filesize multiflexible_checkbox
    multiflexible_step num_value_int_only other_comment_mandatory page_break parent_order
    placeholder printable_help public_statistics question_template rank_title repeat_headings
    reverse samechoiceheight samelistheight save_as_default scale_export show_comment
    show_grand_total show_title show_totals showpopups slider_custom_handle slider_default_set
    slider_handle slider_layout slider_middlestart slider_orientation slider_rating slider_reset
    slider_reversed slider_separator slider_showminmax statistics_graphtype statistics_showgraph
    statistics_showmap suffix_done text_input_columns text_input_width textfield time_limit_action
    time_limit_countdown_message time_limit_disable_next time_limit_disable_prev
    time_limit_message time_limit_message_delay time_limit_message_style time_limit_timer_style
    time_limit_warning time_limit_warning_2 time_limit_warning_2_display_time
    time_limit_warning_2_message time_limit_warning_2_style time_limit_warning_display_time
    time_limit_warning_message time_limit_warning_style use_dropdown value_range_allows_missing
    """.split()
)
"""The attributes about looks, exports and statistics: nothing a respondent answers depends on them.

Among them are a few that change an answer for one kind only; that kind reads them itself.
"""

SHOWN = frozenset(
    """
    answer_width category_separator choice_title cssclass display_columns display_rows
    dropdown_prefix dropdown_size image placeholder rank_title repeat_headings show_grand_total
    show_totals text_input_columns text_input_width
    """.split()
)
"""Those of :data:`LOOKS` that people see: said once for the whole file."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes of one question."""

    source: Source
    qid: str

    def get(self, name: str) -> str:
        """Return a value without the spaces around it, whatever its language."""
        return self.source.attribute(self.qid, name).strip()

    def flag(self, name: str) -> bool:
        """Say whether a switch is on."""
        return self.get(name).upper() in ("1", "Y")

    def number(self, name: str) -> int | float | None:
        """Return a number written plainly; ``None`` when there is none, or an equation."""
        return figure(self.get(name).replace(",", "."))

    def whole(self, name: str) -> int | None:
        """Return a whole number above zero, else ``None``."""
        found = self.number(name)
        return int(found) if found is not None and found >= 1 else None

    def equation(self, name: str) -> str:
        """Return the equation of a value that is not a plain number, else an empty text."""
        text = self.get(name)
        if not text or self.number(name) is not None:
            return ""
        return text[1:-1].strip() if text.startswith("{") and text.endswith("}") else text

    def texts(self, name: str) -> dict[str, str]:
        """Return a text by language; the language is empty when it is said of none."""
        return {
            language: text
            for language, text in self.source.attributes.get(self.qid, {}).get(name, {}).items()
            if text.strip()
        }

    def listed(self, name: str) -> list[str]:
        """Return the codes of a list separated by semicolons or commas."""
        return [code for code in re.split(r"[;,\s]+", self.get(name)) if code]

    def names(self) -> list[str]:
        """Return the names of the attributes that say something."""
        found = self.source.attributes.get(self.qid, {})
        return [name for name, values in found.items() if any(v.strip() for v in values.values())]
