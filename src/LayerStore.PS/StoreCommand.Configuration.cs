using System.Collections;
using LayerStore.Archives;
using LayerStore.Configuration;

namespace LayerStore.PS;

// What the environment and the configuration say where the parameters say nothing.
public abstract partial class StoreCommand
{
    private EffectiveConfiguration? _configuration;
    private string? _defaultRoot;

    /// <summary>The root where nobody names one. The files are read only where the environment does not say.</summary>
    private string DefaultRoot()
    {
        if (_defaultRoot is null)
        {
            var root = EffectiveConfiguration.FromEnvironment("root") ?? Ask(configuration => configuration.Find("root"))!;
            _defaultRoot = (string)root.Value!;
            Tell(root);
        }
        return _defaultRoot;
    }

    /// <summary>What a new store at <paramref name="root"/> gets where the parameters say nothing; null where there is a store, which has what it has.</summary>
    private protected StoreDefaults? DefaultsFor(string root) => Store.Exists(root) ? null : Defaults();

    /// <summary>The driver and its options where the parameters say nothing.</summary>
    private protected StoreDefaults Defaults()
    {
        var (driver, configured) = Ask(configuration => (configuration.Find("driver"), configuration.FindBelow("driverOptions")));
        var options = new DriverOptions();
        foreach (var (name, option) in configured)
        {
            Tell(option);
            options[name] = (string)option.Value!;
        }
        if (driver?.Value is not null)
            Tell(driver);
        return new StoreDefaults { Driver = driver?.Value as string, DriverOptions = options };
    }

    /// <summary>The limits of one layer: those of -Limit, then the configuration's, then what is built in.</summary>
    private protected ExtractionLimits LimitsFrom(Hashtable? given)
    {
        var configured = new Hashtable();
        foreach (var (name, limit) in Ask(configuration => configuration.FindBelow("limits")))
        {
            Tell(limit);
            configured[name] = limit.Value;
        }
        return Limits.From(given, Limits.From(configured, ExtractionLimits.Default));
    }

    /// <summary>What the configuration says of a registry and of the mirrors that will be asked for it.</summary>
    private protected IReadOnlyList<RegistryConfiguration> RegistriesFor(string domain, IReadOnlyList<string>? mirrors)
    {
        var (registries, settings) = Ask(configuration => configuration.RegistriesFor(domain, mirrors));
        foreach (var setting in settings)
            Tell(setting);
        return registries;
    }

    private T Ask<T>(Func<EffectiveConfiguration, T> question)
    {
        var isNew = _configuration is null;
        _configuration ??= EffectiveConfiguration.Load();
        try
        {
            var answer = question(_configuration);
            // A name that nothing knows may be a slip for one that was meant: said, but no reason to stop.
            foreach (var fault in isNew ? _configuration.Faults : [])
                WriteWarning(fault.Message);
            return answer;
        }
        catch (StoreException exception)
        {
            // No input would fare better.
            ThrowTerminatingError(ErrorRecords.From(exception, null));
            throw;
        }
    }

    private void Tell(StorageSetting setting) =>
        WriteVerbose($"{setting.Name} is {Printable.Escape(ConfigurationFile.ToText(setting.Value))} ({Printable.Escape(setting.Origin)}).");
}
