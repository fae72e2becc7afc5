/* Opened from a disk, a page can't read others: the search then finds as well, without excerpts. */
"use strict";
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
