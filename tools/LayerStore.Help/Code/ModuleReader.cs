using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using LayerStore.Help.Pages;

namespace LayerStore.Help.Code;

/// <summary>Asks PowerShell's engine what the cmdlets of a module are like.</summary>
internal static class ModuleReader
{
    /// <summary>Imports the module and reads its cmdlets, by name.</summary>
    internal static IReadOnlyList<CmdletFacts> Read(string module)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", Path.GetFullPath(module)).AddParameter("PassThru").AddParameter("ErrorAction", ActionPreference.Stop);
        var imported = (PSModuleInfo)shell.Invoke().Single().BaseObject;
        return [.. imported.ExportedCmdlets.Values.OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal).Select(Read)];
    }

    /// <summary>Reads one cmdlet of a session that is open.</summary>
    internal static CmdletFacts Read(CmdletInfo cmdlet) => new(
        cmdlet.Name,
        cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.HelpUri ?? "",
        cmdlet.ImplementingType.GetCustomAttribute<AliasAttribute>()?.AliasNames.ToArray() ?? [],
        [.. cmdlet.ParameterSets.OrderByDescending(set => set.IsDefault).Select(set => new SyntaxBlock(set.Name, set.IsDefault, $"{cmdlet.Name} {set}"))],
        cmdlet.Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
            .ToDictionary(parameter => parameter.Name, parameter => Read(parameter, Defaults(cmdlet))),
        [.. cmdlet.OutputType.Select(type => type.Name)]);

    private static ParameterFacts Read(ParameterMetadata parameter, object defaults)
    {
        var enumeration = Element(parameter.ParameterType);
        return new ParameterFacts
        {
            Type = TypeName(parameter.ParameterType),
            DefaultValue = Default(defaults, parameter),
            SupportsWildcards = parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
            Aliases = [.. parameter.Aliases],
            Sets = [.. parameter.ParameterSets.OrderBy(set => set.Key, StringComparer.Ordinal).Select(set => new ParameterSetFacts
            {
                Name = set.Key == SyntaxBlock.Unnamed ? ParameterSetFacts.All : set.Key,
                Position = set.Value.Position == int.MinValue ? ParameterSetFacts.Named : set.Value.Position.ToString(CultureInfo.InvariantCulture),
                IsRequired = set.Value.IsMandatory,
                ValueFromPipeline = set.Value.ValueFromPipeline,
                ValueFromPipelineByPropertyName = set.Value.ValueFromPipelineByPropertyName,
                ValueFromRemainingArguments = set.Value.ValueFromRemainingArguments,
            })],
            DontShow = parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.DontShow),
            AcceptedValues = parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set ? [.. set.ValidValues]
                : enumeration.IsEnum ? Enum.GetNames(enumeration) : [],
            HelpMessage = parameter.Attributes.OfType<ParameterAttribute>().Select(attribute => attribute.HelpMessage).FirstOrDefault(message => message is not null) ?? "",
        };
    }

    /// <summary>A cmdlet that nobody gave a parameter to.</summary>
    private static object Defaults(CmdletInfo cmdlet) => Activator.CreateInstance(cmdlet.ImplementingType)!;

    /// <summary>What a parameter is where nobody gives it; nothing where that stands for "not given" or "no limit".</summary>
    private static string Default(object defaults, ParameterMetadata parameter) => defaults.GetType().GetProperty(parameter.Name)?.GetValue(defaults) switch
    {
        null or 0 or int.MaxValue or 0L or false or SwitchParameter { IsPresent: false } or ICollection { Count: 0 } => "",
        IEnumerable<object> values => string.Join(", ", values),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static Type Element(Type type) => Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;

    /// <summary>The full name, of generic types in the form of platyPS.</summary>
    private static string TypeName(Type type) => type.IsGenericType
        ? $"{type.GetGenericTypeDefinition().FullName}[{string.Join(',', type.GetGenericArguments().Select(argument => argument.FullName))}]"
        : type.FullName!;
}
