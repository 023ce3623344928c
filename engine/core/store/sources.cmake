# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  store/bookmarks.cpp
  store/cell_coding.cpp
  store/checkpoint.cpp
  store/checkpoint_folder.cpp
  store/crc32.cpp
  store/file_io.cpp
  store/frame_blob.cpp
  store/intervention_file.cpp
  store/npz_parts.cpp
  store/npz_writer.cpp
  store/reader_connection.cpp
  store/run_database.cpp
  store/run_lock.cpp
  store/run_place.cpp
  store/run_queries.cpp
  store/run_reader.cpp
  store/run_rows.cpp
  store/run_writer.cpp
  store/safetensors_header.cpp
  store/scores_blob.cpp
  store/sqlite.cpp
  store/writer_database.cpp
)
