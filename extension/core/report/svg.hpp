// A small writer of inline SVG. Colours come from the style sheet by class, so that one drawing serves light, dark and
// print.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mmm::page {

// A coordinate with one decimal; what is not finite is 0, so that no attribute ever holds it.
std::string coordinate(double value);

struct Point {
    double x, y;
};

// "M0 0L1 1..." of a line, of a closed area between two lines, of dots (drawn with round line caps).
std::string line_path(const std::vector<Point>& points);
std::string area_path(const std::vector<Point>& upper, const std::vector<Point>& lower);
std::string dots_path(const std::vector<Point>& points);

enum class Anchor { start, middle, end };

// A drawing of width x height units that fills the width of its place. `title` and `description` are plain text.
class Svg {
public:
    Svg(double width, double height, std::string_view title, std::string_view description);

    void line(Point from, Point to, std::string_view css);
    void rect(Point corner, double width, double height, std::string_view css);
    void circle(Point centre, double radius, std::string_view css);
    void path(const std::string& d, std::string_view css, std::string_view fill = {});
    // Plain text.
    void text(Point at, Anchor anchor, std::string_view css, std::string_view text);

    // The whole element; `css`: classes of it.
    std::string str(std::string_view css) const;

private:
    double width_, height_;
    std::string head_, body_;
};

}  // namespace mmm::page
