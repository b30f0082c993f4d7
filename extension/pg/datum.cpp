#include "pg/datum.hpp"

#include "pg/compat.hpp"
#include "pg/encoding.hpp"

namespace mmm::pg {

std::string string_from_text(Datum value) {
    return guarded([&] { return utf8_text(text_to_cstring(DatumGetTextPP(value))); });
}

std::string string_from_jsonb(Datum jsonb) {
    return guarded([&] {
        Jsonb* value = DatumGetJsonbP(jsonb);
        return utf8_text(JsonbToCString(nullptr, &value->root, static_cast<int>(VARSIZE(value))));
    });
}

std::string string_from_cstring(const char* text) {
    return guarded([&] { return utf8_text(text); });
}

std::vector<std::string> strings_from_array(Datum text_array) {
    struct Elements {
        Datum* values;
        bool* nulls;
        int count;
    };
    const Elements elements = guarded([&] {
        Elements found{};
        deconstruct_array(DatumGetArrayTypeP(text_array), TEXTOID, -1, false, TYPALIGN_INT, &found.values, &found.nulls,
                          &found.count);
        return found;
    });
    std::vector<std::string> strings;
    for (int i = 0; i < elements.count; ++i) {
        if (elements.nulls[i]) throw SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, "array of names must not contain nulls");
        strings.push_back(string_from_text(elements.values[i]));
    }
    return strings;
}

std::vector<double> doubles_from_array(Datum float8_array) {
    ArrayType* array = guarded([&] { return DatumGetArrayTypeP(float8_array); });
    if (ARR_NDIM(array) > 1)
        throw SqlError(ERRCODE_ARRAY_SUBSCRIPT_ERROR,
                       "array must have one dimension, not " + std::to_string(ARR_NDIM(array)));
    const int count = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
    std::vector<double> values(static_cast<std::size_t>(count), 0.0);
    const char* data = ARR_DATA_PTR(array);
    const bits8* bitmap = ARR_NULLBITMAP(array);
    for (int i = 0; i < count; ++i) {
        const bool is_null = bitmap != nullptr && (bitmap[i / 8] & (1 << (i % 8))) == 0;
        if (is_null) continue;
        std::memcpy(&values[static_cast<std::size_t>(i)], data, sizeof(double));
        data += sizeof(double);
    }
    return values;
}

std::vector<double> doubles_without_nulls(Datum float8_array, const char* name) {
    ArrayType* array = guarded([&] { return DatumGetArrayTypeP(float8_array); });
    if (guarded([&] { return array_contains_nulls(array); }))
        throw SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, std::string(name) + " must not contain nulls");
    return doubles_from_array(PointerGetDatum(array));
}

std::vector<Datum> elements_without_nulls(Datum value, const char* name) {
    struct Elements {
        Datum* values;
        bool* nulls;
        int count;
    };
    const Elements elements = guarded([&] {
        ArrayType* array = DatumGetArrayTypeP(value);
        int16 length = 0;
        bool by_value = false;
        char align = 0;
        get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
        Elements found{};
        deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &found.values, &found.nulls,
                          &found.count);
        return found;
    });
    for (int i = 0; i < elements.count; ++i)
        if (elements.nulls[i])
            throw SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED,
                           std::string(name) + " must not contain nulls: number " + std::to_string(i + 1) + " is null");
    return {elements.values, elements.values + elements.count};
}

Datum text_from_string(const std::string& text) {
    const char* utf8 = text.c_str();
    return guarded([&] { return CStringGetTextDatum(server_text(utf8)); });
}

Datum cstring_from_string(const std::string& text) {
    const char* utf8 = text.c_str();
    return guarded([&] { return CStringGetDatum(pstrdup(server_text(utf8))); });
}

Datum jsonb_from_string(const std::string& json) {
    const char* utf8 = json.c_str();
    return guarded([&] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(server_text(utf8))); });
}

Datum array_from_doubles(const std::vector<double>& values) {
    const double* data = values.data();
    const int count = static_cast<int>(values.size());
    return guarded([&] {
        if (count == 0) return PointerGetDatum(construct_empty_array(FLOAT8OID));
        Datum* elements = static_cast<Datum*>(palloc(sizeof(Datum) * static_cast<std::size_t>(count)));
        for (int i = 0; i < count; ++i) elements[i] = Float8GetDatum(data[i]);
        return PointerGetDatum(
            construct_array(elements, count, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
    });
}

std::string_view bytes_from_varlena(Datum value) {
    const struct varlena* plain = guarded([&] { return PG_DETOAST_DATUM_PACKED(value); });
    return {VARDATA_ANY(plain), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(plain))};
}

Datum varlena_from_bytes(std::string_view bytes) {
    if (bytes.size() > std::size_t{MaxAllocSize} - VARHDRSZ)
        throw SqlError(ERRCODE_PROGRAM_LIMIT_EXCEEDED,
                       "model of " + std::to_string(bytes.size() >> 20) + " MB is larger than a value can be (1 GB)",
                       {}, "Keep fewer draws or chains.");
    return guarded([&] {
        struct varlena* value = static_cast<struct varlena*>(palloc(bytes.size() + VARHDRSZ));
        SET_VARSIZE(value, bytes.size() + VARHDRSZ);
        std::memcpy(VARDATA(value), bytes.data(), bytes.size());
        return PointerGetDatum(value);
    });
}

}  // namespace mmm::pg
