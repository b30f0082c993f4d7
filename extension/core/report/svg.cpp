#include "core/report/svg.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "core/report/html.hpp"

namespace mmm::page {

namespace {

constexpr std::array<const char*, 3> anchors = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};

std::string attribute(const char* name, double value) {
    return std::string(" ") + name + "=\"" + coordinate(value) + "\"";
}
std::string class_of(std::string_view css) {
    return css.empty() ? std::string{} : " class=\"" + std::string(css) + "\"";
}

void append_point(std::string& d, char command, const Point& p) {
    d += command;
    d += coordinate(p.x);
    d += ' ';
    d += coordinate(p.y);
}

}  // namespace

std::string coordinate(double value) {
    if (!std::isfinite(value) || std::fabs(value) < 0.05) return "0";
    std::array<char, 400> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 1).ptr;
    std::string text(buffer.data(), end);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
}

std::string line_path(const std::vector<Point>& points) {
    std::string d;
    for (const Point& p : points) append_point(d, d.empty() ? 'M' : 'L', p);
    return d;
}

std::string area_path(const std::vector<Point>& upper, const std::vector<Point>& lower) {
    std::string d = line_path(upper);
    for (std::size_t i = lower.size(); i-- > 0;) append_point(d, 'L', lower[i]);
    return d + "Z";
}

std::string dots_path(const std::vector<Point>& points) {
    std::string d;
    for (const Point& p : points) {
        append_point(d, 'M', p);
        d += "h0";
    }
    return d;
}

Svg::Svg(double width, double height, std::string_view title, std::string_view description)
    : width_(width), height_(height) {
    head_ = "<title>" + escape(title) + "</title>";
    if (!description.empty()) head_ += "<desc>" + escape(description) + "</desc>";
}

void Svg::line(Point from, Point to, std::string_view css) {
    body_ += "<line" + class_of(css) + attribute("x1", from.x) + attribute("y1", from.y) + attribute("x2", to.x) +
             attribute("y2", to.y) + "/>";
}

void Svg::rect(Point corner, double width, double height, std::string_view css) {
    body_ += "<rect" + class_of(css) + attribute("x", corner.x) + attribute("y", corner.y) +
             attribute("width", std::max(0.0, width)) + attribute("height", std::max(0.0, height)) + "/>";
}

void Svg::circle(Point centre, double radius, std::string_view css) {
    body_ += "<circle" + class_of(css) + attribute("cx", centre.x) + attribute("cy", centre.y) +
             attribute("r", radius) + "/>";
}

void Svg::path(const std::string& d, std::string_view css, std::string_view fill) {
    if (d.empty()) return;
    body_ += "<path" + class_of(css) + (fill.empty() ? std::string{} : " fill=\"" + std::string(fill) + "\"") +
             " d=\"" + d + "\"/>";
}

void Svg::text(Point at, Anchor anchor, std::string_view css, std::string_view text) {
    body_ += "<text" + class_of(css) + attribute("x", at.x) + attribute("y", at.y) +
             anchors[static_cast<std::size_t>(anchor)] + ">" + escape(text) + "</text>";
}

std::string Svg::str(std::string_view css) const {
    return "<svg" + class_of(css) + " role=\"img\" viewBox=\"0 0 " + coordinate(width_) + " " + coordinate(height_) +
           "\">" + head_ + body_ + "</svg>\n";
}

}  // namespace mmm::page
