/** Weight types as rows of one table, with their scalar reference codecs. */
@NullMarked
package dev.hearth.inference.weight;

import org.jspecify.annotations.NullMarked;
