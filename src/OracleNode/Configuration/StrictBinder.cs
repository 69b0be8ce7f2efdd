using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace OracleNode.Configuration;

/// <summary>
/// Binds a configuration section to an options class and reports everything that is wrong at once: unknown keys, values
/// that do not parse, values where there should be a section. The framework's binder stops at the first and skips the rest.
/// </summary>
/// <remarks>
/// Binds public get/set properties of these types: string, bool, integers, TimeSpan, TimeOnly, enums, classes of such
/// properties, nullable forms of them, and <c>List&lt;T&gt;</c>. Keys match without regard to case.
/// </remarks>
internal static class StrictBinder
{
    /// <summary>Binds; errors name the key as it is written on the command line (<c>A:B:0:C</c>), the value and what would be right.</summary>
    public static T Bind<T>(IConfigurationSection section, List<string> errors) where T : class, new()
    {
        var options = new T();
        BindObject(options, section, errors);
        return options;
    }

    private static void BindObject(object target, IConfigurationSection section, List<string> errors)
    {
        var properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.CanWrite)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!properties.TryGetValue(child.Key, out var property))
            {
                errors.Add($"{child.Path} = '{Shown(child)}': unknown key. Known here: {string.Join(", ", properties.Values.Select(p => p.Name).Order(StringComparer.Ordinal))}.");
                continue;
            }

            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsList(type, out var elementType)) property.SetValue(target, BindList(elementType, child, errors));
            else if (IsSection(type)) BindSection(target, property, child, errors);
            else if (BindValue(type, child, errors) is { } value) property.SetValue(target, value);
        }
    }

    private static void BindSection(object target, PropertyInfo property, IConfigurationSection section, List<string> errors)
    {
        if (IsBareValue(section))
        {
            errors.Add($"{section.Path} = '{section.Value}': must be a section with keys, not a single value.");
            return;
        }

        var existing = property.GetValue(target);
        if (existing is null) property.SetValue(target, existing = Activator.CreateInstance(property.PropertyType)!);
        BindObject(existing, section, errors);
    }

    private static IList BindList(Type elementType, IConfigurationSection section, List<string> errors)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(elementType))!;
        if (IsBareValue(section))
        {
            errors.Add($"{section.Path} = '{section.Value}': must be a list.");
            return list;
        }

        // Providers hand out list keys in ordinal order ("10" before "2"); the numbers decide.
        var children = section.GetChildren().ToList();
        foreach (var child in children.Where(c => !IsIndex(c.Key))) errors.Add($"{child.Path} = '{Shown(child)}': a list has the keys 0, 1, 2, ...");
        foreach (var child in children.Where(c => IsIndex(c.Key)).OrderBy(c => int.Parse(c.Key, CultureInfo.InvariantCulture)))
        {
            if (!IsSection(elementType))
            {
                if (BindValue(elementType, child, errors) is { } value) list.Add(value);
            }
            else if (IsBareValue(child))
            {
                errors.Add($"{child.Path} = '{child.Value}': must be a section with keys, not a single value.");
            }
            else
            {
                var element = Activator.CreateInstance(elementType)!;
                BindObject(element, child, errors);
                list.Add(element);
            }
        }

        return list;
    }

    private static object? BindValue(Type type, IConfigurationSection section, List<string> errors)
    {
        if (section.GetChildren().Any())
        {
            errors.Add($"{section.Path}: must be a single value ({Expected(type)}), not a section or list.");
            return null;
        }

        var text = section.Value;
        if (type == typeof(string)) return text ?? "";
        object? value = null;
        if (text is not null)
        {
            if (type == typeof(bool)) value = bool.TryParse(text, out var flag) ? flag : null;
            else if (type == typeof(TimeSpan)) value = ParseSpan(text);
            else if (type == typeof(TimeOnly)) value = TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
            else if (type.IsEnum) value = Enum.TryParse(type, text, ignoreCase: true, out var name) && Enum.IsDefined(type, name) && !char.IsAsciiDigit(text[0]) ? name : null;
            else value = ParseInteger(type, text);
        }

        if (value is null) errors.Add($"{section.Path} = '{text}': must be {Expected(type)}.");
        return value;
    }

    // A bare number would be read as days, which nobody means.
    private static TimeSpan? ParseSpan(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) ? span : null;

    private static object? ParseInteger(Type type, string text)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, text);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Expected(Type type)
    {
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(TimeSpan)) return "a time span like 00:00:45 or 00:00:00.250 (hours:minutes:seconds)";
        if (type == typeof(TimeOnly)) return "a time of day like 08:00";
        if (type == typeof(string)) return "text";
        if (type.IsEnum) return "one of " + string.Join(", ", Enum.GetNames(type));
        var min = type.GetField("MinValue")?.GetValue(null);
        var max = type.GetField("MaxValue")?.GetValue(null);
        return string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
    }

    private static bool IsList(Type type, out Type elementType)
    {
        var list = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);
        elementType = list ? type.GetGenericArguments()[0] : typeof(object);
        return list;
    }

    private static bool IsSection(Type type) => type.IsClass && type != typeof(string);

    // An empty list or section in JSON shows up as an empty value.
    private static bool IsBareValue(IConfigurationSection section) => !string.IsNullOrEmpty(section.Value);

    private static bool IsIndex(string key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    // The name of an unknown key tells enough; its value may be a secret in the wrong place.
    private static string Shown(IConfigurationSection section) => section.Value is null ? "(section)" : "...";
}
