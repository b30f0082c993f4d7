// Input, output and conversion of the type mmm_model.
#include "sql/model_value.hpp"

using mmm::pg::boundary;
using mmm::pg::guarded;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_model_in);
Datum mmm_model_in(PG_FUNCTION_ARGS) {
    return boundary([&] {
        const std::string json = mmm::pg::string_from_cstring(PG_GETARG_CSTRING(0));
        return mmm::sql::datum_from_model(*mmm::model_from_json(json));
    });
}

PG_FUNCTION_INFO_V1(mmm_model_out);
Datum mmm_model_out(PG_FUNCTION_ARGS) {
    return boundary([&] {
        const mmm::FittedModelPtr model = mmm::sql::model_from_datum(PG_GETARG_DATUM(0));
        return mmm::pg::cstring_from_string(mmm::model_to_json(*model));
    });
}

PG_FUNCTION_INFO_V1(mmm_model_recv);
Datum mmm_model_recv(PG_FUNCTION_ARGS) {
    return boundary([&] {
        StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
        const int length = message->len - message->cursor;
        const char* bytes = guarded([&] { return pq_getmsgbytes(message, length); });
        const std::string_view received(bytes, static_cast<std::size_t>(length));
        mmm::model_from_bytes(received);  // refuses what is damaged
        return mmm::pg::varlena_from_bytes(received);
    });
}

PG_FUNCTION_INFO_V1(mmm_model_send);
Datum mmm_model_send(PG_FUNCTION_ARGS) {
    return boundary([&] { return mmm::pg::varlena_from_bytes(mmm::pg::bytes_from_varlena(PG_GETARG_DATUM(0))); });
}

PG_FUNCTION_INFO_V1(mmm_model_to_jsonb);
Datum mmm_model_to_jsonb(PG_FUNCTION_ARGS) {
    return boundary([&] {
        const mmm::FittedModelPtr model = mmm::sql::model_from_datum(PG_GETARG_DATUM(0));
        return mmm::pg::jsonb_from_string(mmm::model_to_json(*model));
    });
}
}
