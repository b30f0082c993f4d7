// Response, carry-over and frequency: a small picture for each channel.
#include <algorithm>
#include <cmath>

#include "core/report/context.hpp"
#include "core/report/curve_charts.hpp"
#include "core/report/html.hpp"
#include "core/report/number_format.hpp"

namespace mmm::page {

namespace {

const std::vector<double>& picture_multipliers() {
    static const std::vector<double> all = {0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1, 1.2, 1.4, 1.6, 1.8, 2};
    return all;
}

std::string block_html(const std::string& name, const std::string& note, const std::string& picture) {
    return "<figure><h3>" + name_html(name) + "</h3><p>" + note + "</p>" + picture + "</figure>\n";
}

// Periods until the mean weights have added up to `share` of their sum.
int periods_until(const std::vector<AdstockRow>& rows, double share) {
    double total = 0, sum = 0;
    for (const auto& row : rows) total += row.mean;
    for (const auto& row : rows)
        if ((sum += row.mean) >= share * total * (1 - 1e-9)) return row.lag;
    return rows.back().lag;
}

std::string carry_over_note(const std::vector<AdstockRow>& rows, const Wording& w) {
    const auto when = [&](int lag) {
        return lag == 0 ? "in the same " + w.period : "within " + count_of(lag + 1, w.period, w.periods);
    };
    const int half = periods_until(rows, 0.5), most = periods_until(rows, 0.9);
    if (half == most) return "90 % of the effect " + when(most);
    return "half of the effect " + when(half) + ", 90 % " + when(most);
}

// Impressions for each person reached.
double average_frequency(const FittedModel& model, const std::string& channel) {
    Eigen::Index m = 0;
    while (model.spec.media[static_cast<std::size_t>(m)].name != channel) ++m;
    return model.data.reach.col(m).dot(model.data.exposure.col(m)) / model.data.reach.col(m).sum();
}

std::string frequency_block(const std::vector<FrequencyRow>& rows, const Context& c) {
    const auto best = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.optimal; });
    const double now = average_frequency(c.model, rows.front().channel);
    std::string note = "best at " + data_html(best->frequency, grouped(best->frequency, 1));
    if (best + 1 == rows.end() && rows.size() > 1) note += ", the largest seen: the optimum may lie beyond";
    const auto nearest = std::min_element(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
        return std::fabs(a.frequency - now) < std::fabs(b.frequency - now);
    });
    const double gain = *best->roi / *nearest->roi - 1;
    if (*nearest->roi > 0 && gain > 0.0005) note += "; there the same money brings " + percent(gain) + " more";
    return block_html(rows.front().channel, note, frequency_picture(rows, now, c.words));
}

}  // namespace

std::string response_section(const Context& c) {
    const FittedModel fewer = with_fewer_draws(c.model, affordable_draws(c.model, 2 * picture_multipliers().size()));
    std::string blocks;
    for (const ChannelRow& channel : c.paid()) {
        const auto rows =
            response_curve(fewer, channel.channel, picture_multipliers(), c.options.level, std::nullopt, c.poll);
        std::string note;
        if (c.words.has_revenue)
            note = "the next 1 % returns " + ratio(channel.mroi.value_or(NAN)) + " for each unit of spend";
        else if (channel.mroi.value_or(0) > 0)
            note = "the next one costs " + escape(c.words.rate(1 / *channel.mroi));
        blocks += block_html(channel.channel, note, response_picture(rows, c.words));
    }
    if (blocks.empty()) return {};
    return section_html(
        "response", "What more or less spend would bring",
        "Incremental " + escape(c.words.kpi) +
            " against total spend, from nothing to twice of what was spent (the dot), with the "
            "same flighting. A curve that flattens is a channel that saturates. Each picture has its own axes.",
        "<div class=\"blocks\">" + blocks + "</div>\n");
}

std::string adstock_section(const Context& c) {
    const FittedModel fewer = with_fewer_draws(c.model, 2000);
    std::string blocks;
    std::vector<AdstockRow> rows;
    const auto flush = [&] {
        if (!rows.empty())
            blocks += block_html(rows.front().channel, carry_over_note(rows, c.words), adstock_picture(rows, c.words));
        rows.clear();
    };
    for (const AdstockRow& row : adstock_curve(fewer, c.options.level, c.poll)) {
        if (!rows.empty() && row.channel != rows.front().channel) flush();
        rows.push_back(row);
    }
    flush();
    if (blocks.empty()) return {};
    return section_html("adstock", "How long the effect lasts",
                        "The weight of each " + c.words.period + " after the exposure" +
                            (c.words.has_intervals ? ", with " + c.words.interval + "s." : "."),
                        "<div class=\"blocks\">" + blocks + "</div>\n");
}

std::string frequency_section(const Context& c) {
    const auto& media = c.model.spec.media;
    if (std::none_of(media.begin(), media.end(), [](const Medium& medium) { return medium.has_frequency(); }))
        return {};
    std::string blocks;
    std::vector<FrequencyRow> rows;
    const auto flush = [&] {
        if (!rows.empty() && rows.front().roi) blocks += frequency_block(rows, c);
        rows.clear();
    };
    for (FrequencyRow& row : optimal_frequency(c.model, std::nullopt, c.options.level, std::nullopt, c.poll)) {
        if (!rows.empty() && row.channel != rows.front().channel) flush();
        rows.push_back(std::move(row));
    }
    flush();
    if (blocks.empty()) return {};
    return section_html(
        "frequency", "How often to be seen",
        (c.words.has_revenue ? "ROI" : "Incremental " + escape(c.words.kpi) + " for each unit of spend") +
            " of the same impressions, had they been shown to fewer people more often or to more people less "
            "often. The dashed line is the average frequency that was. How many people there are to be reached "
            "is not part of the model.",
        "<div class=\"blocks\">" + blocks + "</div>\n");
}

}  // namespace mmm::page
